using System.Globalization;
using Archive.Demo.Images;

namespace Archive.Demo.Datasets;

/// <summary>Budding yeast under osmotic stress: two channels, three z planes, eight time points in one file a position.</summary>
internal static class YeastTimeLapse
{
    private const int Side = 128;
    private const int SizeZ = 3;
    private const int SizeT = 8;
    private const int StressAt = 2;

    private static readonly (string Position, string Strain, string Treatment, string Molar)[] Positions =
    [
        ("pos001", "BY4741 HOG1-GFP", "KCl", "0.4"),
        ("pos002", "BY4741 HOG1-GFP", "KCl", "0.4"),
        ("pos003", "BY4741 HOG1-GFP", "none", "0"),
        ("pos004", "BY4741 HOG1-GFP pbs2Δ", "KCl", "0.4"),
    ];

    public static GeneratedDataset Create(DateOnly releaseDate, long seed)
    {
        var files = Positions.Select((position, number) => File(position, number, seed)).ToList();
        var study = Study();
        return new GeneratedDataset(study.Title, study.ToPageTab(releaseDate), [new("file-list-time-lapse.tsv", files)]);
    }

    private static GeneratedFile File((string Position, string Strain, string Treatment, string Molar) place, int number, long seed)
    {
        var stressed = place.Treatment != "none" && !place.Strain.Contains("pbs2", StringComparison.Ordinal);
        var cells = Cells(Dice.For(seed, 1, number));
        var image = new OmeImage
        {
            Name = $"{place.Position} {place.Strain}",
            Description = $"Osmotic stress time lapse, {place.Treatment} from time point {StressAt + 1}",
            AcquiredUtc = new DateTime(2021, 5, 11, 9, 30, 0, DateTimeKind.Utc).AddMinutes(number),
            Instrument = "Wide-field microscope with oil immersion objective",
            Magnification = 60,
            NumericalAperture = 1.4,
            Width = Side,
            Height = Side,
            SizeZ = SizeZ,
            SizeT = SizeT,
            PixelMicrometres = 0.16,
            StepMicrometres = 0.6,
            IntervalSeconds = 150,
            Channels = [new("Brightfield", null, null, 10, 0xFFFFFFFF), new("GFP", 488, 525, 80, 0x00FFFFFF)],
            Plane = (c, z, t) => (c == 0 ? Brightfield(cells, z) : Gfp(cells, z, t, stressed)).Noise(Dice.For(seed, 2, number, c, z, t), 1.2f, 9).ToGray16(),
        };
        return new GeneratedFile($"{place.Position}/yeast_{place.Position}.ome.tiff",
        [
            new("Position", place.Position), new("Strain", place.Strain), new("Treatment", place.Treatment),
            new("Concentration (M)", place.Molar), new("Channels", "Brightfield; GFP"), new("Z planes", Text(SizeZ)),
            new("Time points", Text(SizeT)), new("Interval (s)", "150"),
        ], to => image.WriteTo(to));
    }

    private static List<Ellipse> Cells(Dice dice)
    {
        var cells = new List<Ellipse>();
        for (var attempt = 0; attempt < 400 && cells.Count < 16; attempt++)
        {
            var radius = dice.Between(8, 13);
            var cell = new Ellipse(dice.Between(4, Side - 4), dice.Between(4, Side - 4), radius, radius * dice.Between(0.8f, 0.95f), dice.Between(0, 3));
            if (cells.TrueForAll(other => Apart(cell, other)))
                cells.Add(cell);
        }

        return cells;
    }

    private static bool Apart(Ellipse a, Ellipse b) =>
        float.Hypot(a.CentreX - b.CentreX, a.CentreY - b.CentreY) > a.RadiusX + b.RadiusX + 1;

    private static Canvas Brightfield(List<Ellipse> cells, int z)
    {
        var canvas = new Canvas(Side, Side).Fill(9000).Shade(3000, Side * 0.45f, Side * 0.55f);
        var focus = z - 1;
        foreach (var cell in cells)
        {
            canvas.Rim(cell, -4200, 0.06f + 0.05f * MathF.Abs(focus));
            canvas.Rim(cell.Scaled(0.86f), 2600 - 1500 * focus, 0.07f);
            canvas.Ellipse(cell.Scaled(0.5f), -500 * focus - 300, 0.6f);
        }

        return canvas;
    }

    private static Canvas Gfp(List<Ellipse> cells, int z, int t, bool stressed)
    {
        var since = t - StressAt;
        var nuclear = stressed && since >= 0 ? MathF.Exp(-since / 3f) : 0;
        var canvas = new Canvas(Side, Side).Fill(420).Shade(120, Side / 2f, Side / 2f);
        foreach (var cell in cells)
        {
            var level = 900 + 40 * (cell.RadiusX % 3) * 10;
            canvas.Ellipse(cell, level * (1 - 0.5f * nuclear), 0.35f);
            canvas.Spot(cell.CentreX + cell.RadiusX * 0.25f, cell.CentreY - cell.RadiusY * 0.2f, 2.6f + MathF.Abs(z - 1), 250 + 5200 * nuclear / (1 + MathF.Abs(z - 1)));
        }

        return canvas;
    }

    private static Study Study() => new()
    {
        Title = "Nuclear translocation of Hog1-GFP in budding yeast under osmotic stress",
        Description = "Time lapse of Saccharomyces cerevisiae cells in a microfluidic chamber. Medium with 0.4 M potassium chloride arrives after the "
            + "second time point; Hog1-GFP gathers in the nucleus within minutes and leaves it again as the cells adapt. A pbs2 deletion strain, in which "
            + "the kinase is not activated, and an unstressed chamber serve as controls. " + DemoDatasets.Provenance,
        Keywords = ["yeast", "osmotic stress", "HOG pathway", "time lapse", "single cell"],
        License = "CC0",
        Authors = ["Mara Lindqvist", "Tomas Okafor", "Ines Duarte"],
        Organisation = "Institute of Cell Dynamics, Northmere",
        Funder = "Northmere Science Fund",
        Grant = "NSF-N 2020-114",
        PublicationYear = 2021,
        Biosample = new("Yeast expressing Hog1-GFP", ("Organism", "Saccharomyces cerevisiae (baker's yeast)"), ("Biological entity", "budding yeast cells"),
            ("Description", "Haploid BY4741 cells with HOG1 tagged at its own locus"), ("Intrinsic variable", "PBS2 deletion"),
            ("Extrinsic variable", "potassium chloride concentration")),
        Specimen = new("Cells in a microfluidic chamber", ("Sample preparation protocol", "Log-phase cells were loaded into a microfluidic plate at 30 °C."),
            ("Growth protocol", "Synthetic complete medium with 2 % glucose, 30 °C, to an optical density of 0.4.")),
        Acquisition = new("Wide-field time lapse", ("Imaging instrument", "Wide-field microscope, 60x/1.4 oil objective, sCMOS camera"),
            ("Image acquisition parameters", "Brightfield and GFP, three z planes 0.6 µm apart, every 150 s, 16 bit"),
            ("Imaging method", "fluorescence microscopy"), ("Imaging method", "bright-field microscopy")),
        Components = [new("Osmotic stress time lapse", "One OME-TIFF for each position, with all channels, planes and time points.", "file-list-time-lapse.tsv")],
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
