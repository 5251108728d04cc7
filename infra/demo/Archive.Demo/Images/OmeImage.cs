using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace Archive.Demo.Images;

/// <summary>One channel of an image.</summary>
/// <param name="Name">As a microscopist says it, such as GFP.</param>
/// <param name="ExcitationNanometres">Null where nothing is excited, as with transmitted light.</param>
/// <param name="EmissionNanometres">Null likewise.</param>
/// <param name="ExposureMilliseconds">Above 0.</param>
/// <param name="Colour">Red, green and blue in the upper three bytes, opacity in the lowest.</param>
internal sealed record Channel(string Name, int? ExcitationNanometres, int? EmissionNanometres, double ExposureMilliseconds, uint Colour);

/// <summary>The place of an image in a plate, rows and columns from 0.</summary>
internal sealed record PlateWell(string PlateName, int Rows, int Columns, int Row, int Column, string Reagent);

/// <summary>A multi-dimensional image; planes are the pages of a TIFF file in the order channel, z, time.</summary>
internal sealed record OmeImage
{
    private const string Namespace = "http://www.openmicroscopy.org/Schemas/OME/2016-06";

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required DateTime AcquiredUtc { get; init; }

    public required string Instrument { get; init; }

    public required double Magnification { get; init; }

    public required double NumericalAperture { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required IReadOnlyList<Channel> Channels { get; init; }

    public int SizeZ { get; init; } = 1;

    public int SizeT { get; init; } = 1;

    public required double PixelMicrometres { get; init; }

    public double? StepMicrometres { get; init; }

    public double? IntervalSeconds { get; init; }

    public PixelKind Kind { get; init; } = PixelKind.Gray16;

    public PlateWell? Well { get; init; }

    /// <summary>Draws the plane of (channel, z, time), each counted from 0; a colour image has one channel.</summary>
    public required Func<int, int, int, byte[]> Plane { get; init; }

    private int PageCount => Channels.Count * SizeZ * SizeT;

    /// <summary>Writes the image as OME-TIFF; <paramref name="deflate"/> compresses its strips.</summary>
    public void WriteTo(Stream to, bool deflate = true)
    {
        var count = Channels.Count;
        TiffWriter.Write(to, new TiffImage(
            Width, Height, Kind, PageCount, page => Plane(page % count, page / count % SizeZ, page / count / SizeZ), ToXml(), PixelMicrometres, deflate));
    }

    /// <summary>OME-XML of schema 2016-06.</summary>
    public string ToXml()
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(new Utf8Text(text), new XmlWriterSettings { Indent = true, IndentChars = " ", NewLineChars = "\n" }))
        {
            xml.WriteStartDocument();
            xml.WriteStartElement("OME", Namespace);
            xml.WriteAttributeString("xsi", "schemaLocation", "http://www.w3.org/2001/XMLSchema-instance",
                $"{Namespace} {Namespace}/ome.xsd");
            Set(xml, "Creator", "Archive.Demo");
            Set(xml, "UUID", $"urn:uuid:{new Guid(MD5.HashData(Encoding.UTF8.GetBytes(Name)))}");
            WritePlate(xml);
            WriteInstrument(xml);
            WriteImage(xml);
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private void WritePlate(XmlWriter xml)
    {
        if (Well is not { } well)
            return;
        Open(xml, "Plate", ("ID", "Plate:0"), ("Name", well.PlateName), ("Rows", well.Rows), ("Columns", well.Columns),
            ("RowNamingConvention", "letter"), ("ColumnNamingConvention", "number"));
        Open(xml, "Well", ("ID", "Well:0"), ("Row", well.Row), ("Column", well.Column), ("ExternalDescription", well.Reagent));
        Open(xml, "WellSample", ("ID", "WellSample:0"), ("Index", 0));
        Open(xml, "ImageRef", ("ID", "Image:0"));
        for (var i = 0; i < 4; i++)
            xml.WriteEndElement();
    }

    private void WriteInstrument(XmlWriter xml)
    {
        Open(xml, "Instrument", ("ID", "Instrument:0"));
        Open(xml, "Microscope", ("Manufacturer", "none, generated"), ("Model", Instrument));
        xml.WriteEndElement();
        Open(xml, "Objective", ("ID", "Objective:0"), ("LensNA", NumericalAperture), ("NominalMagnification", Magnification));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private void WriteImage(XmlWriter xml)
    {
        Open(xml, "Image", ("ID", "Image:0"), ("Name", Name));
        xml.WriteElementString("AcquisitionDate", Namespace, AcquiredUtc.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        xml.WriteElementString("Description", Namespace, Description);
        Open(xml, "InstrumentRef", ("ID", "Instrument:0"));
        xml.WriteEndElement();
        Open(xml, "ObjectiveSettings", ("ID", "Objective:0"));
        xml.WriteEndElement();
        var samples = Kind == PixelKind.Rgb24 ? 3 : 1;
        Open(xml, "Pixels", ("ID", "Pixels:0"), ("DimensionOrder", "XYCZT"), ("Type", Kind == PixelKind.Rgb24 ? "uint8" : "uint16"),
            ("BigEndian", "false"), ("SizeX", Width), ("SizeY", Height), ("SizeZ", SizeZ), ("SizeC", Channels.Count * samples), ("SizeT", SizeT),
            ("PhysicalSizeX", PixelMicrometres), ("PhysicalSizeY", PixelMicrometres), ("PhysicalSizeZ", StepMicrometres),
            ("TimeIncrement", IntervalSeconds));
        for (var c = 0; c < Channels.Count; c++)
            WriteChannel(xml, Channels[c], c, samples);
        for (var page = 0; page < PageCount; page++)
            WritePage(xml, page);
        for (var page = 0; page < PageCount; page++)
            WritePlane(xml, page);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteChannel(XmlWriter xml, Channel channel, int index, int samples)
    {
        Open(xml, "Channel", ("ID", $"Channel:0:{index}"), ("Name", channel.Name), ("SamplesPerPixel", samples),
            ("Color", unchecked((int)channel.Colour)), ("ExcitationWavelength", channel.ExcitationNanometres),
            ("EmissionWavelength", channel.EmissionNanometres));
        xml.WriteEndElement();
    }

    private void WritePage(XmlWriter xml, int page)
    {
        Open(xml, "TiffData", ("IFD", page), ("FirstC", page % Channels.Count), ("FirstZ", page / Channels.Count % SizeZ),
            ("FirstT", page / Channels.Count / SizeZ), ("PlaneCount", 1));
        xml.WriteEndElement();
    }

    private void WritePlane(XmlWriter xml, int page)
    {
        var t = page / Channels.Count / SizeZ;
        Open(xml, "Plane", ("TheZ", page / Channels.Count % SizeZ), ("TheC", page % Channels.Count), ("TheT", t),
            ("DeltaT", t * (IntervalSeconds ?? 0)), ("ExposureTime", Channels[page % Channels.Count].ExposureMilliseconds),
            ("ExposureTimeUnit", "ms"));
        xml.WriteEndElement();
    }

    private static void Open(XmlWriter xml, string name, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        xml.WriteStartElement(name, Namespace);
        foreach (var (attribute, value) in attributes)
            if (value is not null)
                Set(xml, attribute, Convert.ToString(value, CultureInfo.InvariantCulture)!);
    }

    private static void Set(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, value);

    /// <summary>Text that says it is UTF-8, the encoding in which the TIFF tag holds it.</summary>
    private sealed class Utf8Text(StringBuilder text) : StringWriter(text, CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
