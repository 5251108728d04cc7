using System.Globalization;
using Archive.Demo.Images;

namespace Archive.Demo.Datasets;

/// <summary>Serial electron micrographs of a leaf cell, and label masks of its chloroplasts as 16-bit PNG: two components.</summary>
internal static class ChloroplastSections
{
    private const int Side = 256;
    private const int Sections = 8;
    private const double NanometresApart = 50;

    public static GeneratedDataset Create(DateOnly releaseDate, long seed)
    {
        var scene = Chloroplasts(Dice.For(seed, 8));
        var raw = Enumerable.Range(0, Sections).Select(z => Micrograph(scene, z, seed)).ToList();
        var masks = Enumerable.Range(0, Sections).Select(z => Mask(scene, z)).ToList();
        var study = Study();
        return new GeneratedDataset(study.Title, study.ToPageTab(releaseDate), [new("em/file_list_sections.json", raw), new("masks/file_list_masks.tsv", masks)]);
    }

    private static GeneratedFile Micrograph(List<Ellipse> scene, int z, long seed)
    {
        var image = new OmeImage
        {
            Name = $"section {z + 1}",
            Description = "Leaf mesophyll, transmission electron micrograph",
            AcquiredUtc = new DateTime(2024, 3, 14, 13, 0, 0, DateTimeKind.Utc).AddMinutes(4 * z),
            Instrument = "Transmission electron microscope, 120 kV",
            Magnification = 8000,
            NumericalAperture = 0.01,
            Width = Side,
            Height = Side,
            PixelMicrometres = 0.012,
            Channels = [new("Electrons", null, null, 1000, 0xFFFFFFFF)],
            Plane = (_, _, _) => Draw(scene, z, Dice.For(seed, 9, z)).ToGray16(),
        };
        return new GeneratedFile(string.Create(CultureInfo.InvariantCulture, $"em/section_{z + 1:000}.ome.tif"),
            [.. Common(z), new("Pixel size (nm)", "12"), new("Bit depth", "16")], to => image.WriteTo(to));
    }

    private static GeneratedFile Mask(List<Ellipse> scene, int z) =>
        new(string.Create(CultureInfo.InvariantCulture, $"masks/section_{z + 1:000}_labels.png"),
            [.. Common(z), new("Source image", string.Create(CultureInfo.InvariantCulture, $"em/section_{z + 1:000}.ome.tif")), new("Annotation type", "segmentation mask")],
            to => PngWriter.Write(to, Side, Side, Labels(scene, z)));

    private static KeyValuePair<string, string>[] Common(int z) =>
    [
        new("Section", (z + 1).ToString(CultureInfo.InvariantCulture)), new("Z", (z + 1).ToString(CultureInfo.InvariantCulture)),
        new("Depth (nm)", (z * NanometresApart).ToString(CultureInfo.InvariantCulture)),
    ];

    private static List<Ellipse> Chloroplasts(Dice dice) =>
    [
        new(72, 82, 50, 27, dice.Between(0.2f, 0.6f)), new(182, 62, 44, 24, dice.Between(2.2f, 2.8f)),
        new(178, 172, 54, 30, dice.Between(0.8f, 1.2f)), new(66, 196, 40, 23, dice.Between(2.6f, 3f)),
    ];

    /// <summary>What is left of a body in a section: it is thickest in the middle one.</summary>
    private static Ellipse At(Ellipse shape, int z) => shape.Scaled(1.02f - 0.012f * (z - Sections / 2) * (z - Sections / 2));

    private static Canvas Draw(List<Ellipse> scene, int z, Dice dice)
    {
        var canvas = new Canvas(Side, Side).Fill(40000).Waves(900, 140, 0.6f, z * 0.3f).Waves(700, 23, 2.1f, z);
        foreach (var chloroplast in scene.Select(shape => At(shape, z)))
        {
            canvas.Ellipse(chloroplast, -7000, 0.05f).Rim(chloroplast, -13000, 0.035f);
            var (sin, cos) = MathF.SinCos(chloroplast.Angle);
            for (var lamella = -5; lamella <= 5; lamella++)
            {
                var across = lamella * chloroplast.RadiusY / 7f + 0.4f * z;
                var half = chloroplast.RadiusX * 0.85f * MathF.Sqrt(MathF.Max(0, 1 - MathF.Pow(across / chloroplast.RadiusY, 2)));
                canvas.Ellipse(new Ellipse(chloroplast.CentreX - sin * across, chloroplast.CentreY + cos * across, half, 1.1f, chloroplast.Angle), -9000, 0.5f);
            }

            canvas.Ellipse(new Ellipse(chloroplast.CentreX + 6, chloroplast.CentreY - 2, 11, 6, chloroplast.Angle), 19000, 0.2f);
        }

        for (var vesicle = 0; vesicle < 60; vesicle++)
            canvas.Rim(new Ellipse(dice.Between(0, Side), dice.Between(0, Side), dice.Between(2, 4), dice.Between(2, 4), 0), -6000, 0.3f);
        return canvas.Noise(dice, 14, 1500);
    }

    private static byte[] Labels(List<Ellipse> scene, int z)
    {
        var pixels = new byte[Side * Side * 2];
        for (var i = 0; i < Side * Side; i++)
            for (var label = 0; label < scene.Count; label++)
            {
                var shape = At(scene[label], z);
                if (shape.Radius(i % Side - shape.CentreX, i / Side - shape.CentreY) <= 1)
                    pixels[i * 2] = (byte)(label + 1);
            }

        return pixels;
    }

    private static Study Study() => new()
    {
        Title = "Serial electron micrographs of leaf chloroplasts with segmentation masks",
        Description = "Eight consecutive thin sections through a mesophyll cell, 50 nm apart, and for each a mask in which every chloroplast carries "
            + "its own number. " + DemoDatasets.Provenance,
        Keywords = ["electron microscopy", "chloroplast", "segmentation", "serial sections", "leaf"],
        License = "CC BY 4.0",
        Authors = ["Wanjiru Mwangi", "Olaf Stein", "Chiara Conti"],
        Organisation = "Plant Ultrastructure Group, Lakeside University",
        Funder = "Lakeside Plant Science Programme",
        Grant = "LPSP 19-3",
        PublicationYear = 2024,
        Biosample = new("Arabidopsis leaf", ("Organism", "Arabidopsis thaliana (thale cress)"), ("Biological entity", "leaf mesophyll cell"),
            ("Description", "Rosette leaf of a four-week-old plant, ecotype Columbia")),
        Specimen = new("Resin sections", ("Sample preparation protocol",
            "Leaves were high-pressure frozen, freeze-substituted with osmium tetroxide, embedded in resin and cut at 50 nm."),
            ("Growth protocol", "Soil, 22 °C, 16 hours of light.")),
        Acquisition = new("Transmission electron microscopy", ("Imaging instrument", "Transmission electron microscope at 120 kV"),
            ("Image acquisition parameters", "12 nm pixels, 16 bit, one second exposure"), ("Imaging method", "transmission electron microscopy")),
        Analysis = new("Chloroplast segmentation", ("Image analysis overview", "Outlines were drawn by hand and filled; label numbers stay with a chloroplast through all sections.")),
        Components =
        [
            new("Micrographs", "One 16-bit OME-TIFF for each section.", "em/file_list_sections.json"),
            new("Segmentation masks", "16-bit PNG of the same size; 0 is background.", "masks/file_list_masks.tsv", Analysed: true),
        ],
    };
}
