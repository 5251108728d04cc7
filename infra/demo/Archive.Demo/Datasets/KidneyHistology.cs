using System.Globalization;
using Archive.Demo.Images;

namespace Archive.Demo.Datasets;

/// <summary>Stained kidney sections in colour: one RGB OME-TIFF a region.</summary>
internal static class KidneyHistology
{
    private const int Width = 360;
    private const int Height = 270;

    /// <summary>Optical density of each dye in red, green and blue: Ruifrok and Johnston, Anal. Quant. Cytol. Histol. 23 (2001).</summary>
    private static readonly float[] Haematoxylin = [0.65f, 0.70f, 0.29f];
    private static readonly float[] Eosin = [0.07f, 0.99f, 0.11f];

    public static GeneratedDataset Create(DateOnly releaseDate, long seed)
    {
        var files = Enumerable.Range(0, 6).Select(number => File(number, seed)).ToList();
        var study = Study();
        return new GeneratedDataset(study.Title, study.ToPageTab(releaseDate), [new("file-list-sections.tsv", files)]);
    }

    private static GeneratedFile File(int number, long seed)
    {
        var (mouse, region) = (number / 2 + 1, number % 2 == 0 ? "cortex" : "medulla");
        var diet = mouse == 3 ? "high salt" : "standard";
        var image = new OmeImage
        {
            Name = $"mouse {mouse} {region}",
            Description = $"Haematoxylin and eosin, kidney {region}, {diet} diet",
            AcquiredUtc = new DateTime(2020, 11, 3, 10, 0, 0, DateTimeKind.Utc).AddMinutes(7 * number),
            Instrument = "Slide scanner",
            Magnification = 20,
            NumericalAperture = 0.8,
            Width = Width,
            Height = Height,
            PixelMicrometres = 0.5,
            Kind = PixelKind.Rgb24,
            Channels = [new("Brightfield colour", null, null, 2, 0xFFFFFFFF)],
            Plane = (_, _, _) => Draw(Dice.For(seed, 7, number), region == "cortex"),
        };
        return new GeneratedFile(string.Create(CultureInfo.InvariantCulture, $"sections/mouse{mouse}_{region}_HE.ome.tif"),
        [
            new("Mouse", mouse.ToString(CultureInfo.InvariantCulture)), new("Region", region), new("Diet", diet), new("Stain", "haematoxylin and eosin"),
            new("Magnification", "20"), new("Pixel size (µm)", "0.5"),
        ], to => image.WriteTo(to));
    }

    private static byte[] Draw(Dice dice, bool cortex)
    {
        var (nuclei, tissue) = (new Canvas(Width, Height), new Canvas(Width, Height).Fill(0.32f));
        tissue.Waves(0.04f, 90, dice.Between(0, 3), 1).Waves(0.03f, 31, dice.Between(0, 3), 2);
        if (cortex)
            Glomerulus(nuclei, tissue, dice, dice.Between(110, Width - 110), dice.Between(90, Height - 90));
        for (var tubule = 0; tubule < (cortex ? 120 : 240); tubule++)
            Tubule(nuclei, tissue, dice, cortex ? 15 : 10);
        nuclei.Noise(dice, 0, 0.012f);
        tissue.Noise(dice, 0, 0.02f);
        return Stained(nuclei, tissue);
    }

    private static void Tubule(Canvas nuclei, Canvas tissue, Dice dice, float size)
    {
        var shape = new Ellipse(dice.Between(0, Width), dice.Between(0, Height), size * dice.Between(0.8f, 1.3f), size * dice.Between(0.8f, 1.1f), dice.Between(0, 3));
        tissue.Rim(shape, 0.28f, 0.25f).Ellipse(shape.Scaled(0.55f), -0.4f, 0.3f);
        for (var cell = 0; cell < 9; cell++)
        {
            var (sin, cos) = MathF.SinCos(cell * MathF.Tau / 9 + dice.Between(-0.2f, 0.2f));
            nuclei.Ellipse(new Ellipse(shape.CentreX + cos * shape.RadiusX, shape.CentreY + sin * shape.RadiusY, 2.6f, 2.2f, cell), 0.75f, 0.5f);
        }
    }

    private static void Glomerulus(Canvas nuclei, Canvas tissue, Dice dice, float x, float y)
    {
        var shape = new Ellipse(x, y, 38, 34, 0.4f);
        tissue.Ellipse(shape.Scaled(1.15f), -0.3f, 0.1f).Ellipse(shape, 0.42f, 0.15f);
        for (var cell = 0; cell < 90; cell++)
        {
            var (sin, cos) = MathF.SinCos(dice.Between(0, MathF.Tau));
            var from = 33 * MathF.Sqrt(dice.Between(0, 1));
            nuclei.Ellipse(new Ellipse(x + cos * from, y + sin * from, 2.4f, 2f, cell), 0.7f, 0.5f);
        }
    }

    /// <summary>Light through two dyes: each takes away its share of each colour (Beer and Lambert).</summary>
    private static byte[] Stained(Canvas nuclei, Canvas tissue)
    {
        var pixels = new byte[Width * Height * 3];
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
                for (var colour = 0; colour < 3; colour++)
                {
                    var density = Haematoxylin[colour] * MathF.Max(0, nuclei[x, y]) + Eosin[colour] * MathF.Max(0.02f, tissue[x, y]) * 0.8f;
                    pixels[(y * Width + x) * 3 + colour] = (byte)Math.Clamp(245 * MathF.Pow(10, -density), 0, 255);
                }

        return pixels;
    }

    private static Study Study() => new()
    {
        Title = "Haematoxylin and eosin stained kidney sections of mice on two diets",
        Description = "Colour images of cortex and medulla from three mice, two on a standard and one on a high-salt diet, from paraffin sections of "
            + "4 µm. " + DemoDatasets.Provenance,
        Keywords = ["histology", "kidney", "H&E", "diet", "glomerulus"],
        License = "CC0",
        Authors = ["Elif Aydin", "Peter Novak"],
        Organisation = "Department of Pathology, Southbrook Hospital",
        Funder = "Southbrook Medical Trust",
        Grant = "SMT 4471",
        PublicationYear = 2020,
        Biosample = new("Mouse kidneys", ("Organism", "Mus musculus (mouse)"), ("Biological entity", "kidney"),
            ("Description", "Adult male C57BL/6 mice"), ("Extrinsic variable", "diet")),
        Specimen = new("Paraffin sections", ("Sample preparation protocol",
            "Kidneys were fixed in formalin, embedded in paraffin, cut at 4 µm and stained with haematoxylin and eosin.")),
        Acquisition = new("Slide scan", ("Imaging instrument", "Slide scanner, 20x/0.8 objective, colour camera"),
            ("Image acquisition parameters", "Transmitted light, 8 bit RGB, 0.5 µm pixels"), ("Imaging method", "bright-field microscopy")),
        Components = [new("Stained sections", "One colour OME-TIFF for each mouse and region.", "file-list-sections.tsv")],
    };
}
