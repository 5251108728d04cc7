using System.Globalization;
using Archive.Demo.Images;

namespace Archive.Demo.Datasets;

/// <summary>Zebrafish embryos in a light sheet: two channels and sixteen z planes in each file, one file an embryo and age.</summary>
internal static class LightSheetEmbryo
{
    private const int Width = 128;
    private const int Height = 96;
    private const int SizeZ = 16;

    private static readonly string[] Genotypes = ["wild type", "pkd2 mutant"];
    private static readonly int[] AgesHours = [24, 36, 48];

    public static GeneratedDataset Create(DateOnly releaseDate, long seed)
    {
        var files = new List<GeneratedFile>();
        for (var embryo = 0; embryo < Genotypes.Length; embryo++)
            for (var age = 0; age < AgesHours.Length; age++)
                files.Add(File(embryo, age, seed));
        var study = Study();
        return new GeneratedDataset(study.Title, study.ToPageTab(releaseDate), [new("stacks/file_list.json", files)]);
    }

    private static GeneratedFile File(int embryo, int age, long seed)
    {
        var hours = Text(AgesHours[age]);
        var nuclei = Nuclei(Dice.For(seed, 5, embryo), 140 + age * 70, embryo == 1 ? 0.8f : 1);
        var image = new OmeImage
        {
            Name = $"embryo {embryo + 1}, {hours} hpf",
            Description = $"Zebrafish embryo, {Genotypes[embryo]}, {hours} hours post fertilisation",
            AcquiredUtc = new DateTime(2022, 9, 20, 8, 0, 0, DateTimeKind.Utc).AddHours(AgesHours[age] - 24).AddMinutes(embryo * 20),
            Instrument = "Light-sheet microscope, two-sided illumination",
            Magnification = 10,
            NumericalAperture = 0.5,
            Width = Width,
            Height = Height,
            SizeZ = SizeZ,
            PixelMicrometres = 1.3,
            StepMicrometres = 5,
            Channels = [new("H2B-GFP", 488, 520, 20, 0x00E5FFFF), new("Lyn-tdTomato", 561, 590, 30, 0xFF00C8FF)],
            Plane = (c, z, _) => Draw(nuclei, c, z).Noise(Dice.For(seed, 6, embryo, age, c, z), 0.9f, 14).ToGray16(),
        };
        return new GeneratedFile($"stacks/embryo{embryo + 1}/{hours}hpf.ome.tiff",
        [
            new("Embryo", Text(embryo + 1)), new("Genotype", Genotypes[embryo]), new("Age (hpf)", hours), new("Channels", "H2B-GFP; Lyn-tdTomato"),
            new("Z planes", Text(SizeZ)), new("Voxel size (µm)", "1.3 x 1.3 x 5"), new("Time point", Text(age + 1)),
        ], to => image.WriteTo(to));
    }

    /// <summary>Nuclei along a bent body; z counts in planes.</summary>
    private static List<(float X, float Y, float Z, float Size)> Nuclei(Dice dice, int count, float length)
    {
        var nuclei = new List<(float, float, float, float)>();
        for (var i = 0; i < count; i++)
        {
            var along = dice.Between(0, 1);
            var around = dice.Between(0, MathF.Tau);
            var girth = (18 - 13 * along) * MathF.Sqrt(dice.Between(0.1f, 1));
            var (sin, cos) = MathF.SinCos(around);
            nuclei.Add((14 + along * 100 * length, Height * 0.5f + 18 * MathF.Sin(along * 3.4f) + girth * sin, SizeZ * 0.5f + girth * cos * 0.36f, dice.Between(1.3f, 2.2f)));
        }

        return nuclei;
    }

    private static Canvas Draw(List<(float X, float Y, float Z, float Size)> nuclei, int channel, int z)
    {
        var canvas = new Canvas(Width, Height).Fill(180).Shade(90, 0, Height / 2f);
        foreach (var (x, y, at, size) in nuclei)
        {
            var off = MathF.Abs(at - z);
            if (off > 3)
                continue;
            var light = MathF.Exp(-off * off / 1.6f);
            if (channel == 0)
                canvas.Spot(x, y, size + off * 0.7f, 4200 * light);
            else
                canvas.Rim(new Ellipse(x, y, size * 2.3f, size * 2.0f, x), 1700 * light, 0.22f + off * 0.1f);
        }

        return canvas;
    }

    private static Study Study() => new()
    {
        Title = "Light-sheet stacks of zebrafish embryos between 24 and 48 hours post fertilisation",
        Description = "Three-dimensional stacks of whole zebrafish embryos with labelled nuclei and membranes at three ages, for one wild type and one "
            + "mutant embryo with a curved, shortened axis. " + DemoDatasets.Provenance,
        Keywords = ["zebrafish", "light sheet", "embryo development", "z-stack", "body axis"],
        License = "CC BY 4.0",
        Authors = ["Hana Kobayashi", "Luc Moreau", "Ada Brandt", "Sam Oyelaran"],
        Organisation = "Centre for Developmental Imaging, Westport",
        Funder = "Westport Foundation",
        Grant = "WF-2021-08",
        PublicationYear = 2022,
        Biosample = new("Zebrafish embryos", ("Organism", "Danio rerio (zebrafish)"), ("Biological entity", "whole embryo"),
            ("Description", "Embryos of a line with nuclear GFP and membrane tdTomato"), ("Intrinsic variable", "pkd2 genotype"), ("Experimental variable", "age")),
        Specimen = new("Embryos in agarose", ("Sample preparation protocol", "Embryos were dechorionated, anaesthetised and embedded in 1 % low-melting agarose."),
            ("Growth protocol", "E3 medium at 28.5 °C.")),
        Acquisition = new("Light-sheet stack", ("Imaging instrument", "Light-sheet microscope with two-sided illumination, 10x/0.5 water objective"),
            ("Image acquisition parameters", "488 and 561 nm, 16 planes 5 µm apart, 16 bit"), ("Imaging method", "single plane illumination microscopy")),
        Components = [new("Embryo stacks", "One OME-TIFF for each embryo and age.", "stacks/file_list.json")],
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
