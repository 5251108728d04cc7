using System.Globalization;
using Archive.Demo.Images;

namespace Archive.Demo.Datasets;

/// <summary>A 96-well plate of cells under twelve conditions at eight concentrations: one plane a well and channel.</summary>
internal static class CompoundScreen
{
    private const int Side = 96;
    private const int Rows = 8;
    private const int Columns = 12;

    /// <summary>A compound for each column: what it does to cells that take it fully, each from 0 to 1.</summary>
    private static readonly (string Name, float Kills, float Condenses, float Rounds)[] Compounds =
    [
        ("DMSO", 0, 0, 0), ("Taxol", 0.35f, 0.5f, 0.5f), ("Nocodazole", 0.3f, 0.8f, 0.7f), ("Staurosporine", 0.9f, 0.7f, 0.8f),
        ("Etoposide", 0.6f, 0, 0.1f), ("Cytochalasin D", 0.2f, 0.1f, 1f), ("Latrunculin B", 0.2f, 0.1f, 0.9f), ("Monastrol", 0.2f, 0.7f, 0.4f),
        ("Camptothecin", 0.7f, 0.2f, 0.2f), ("Rapamycin", 0.25f, 0, 0), ("Bortezomib", 0.85f, 0.4f, 0.6f), ("DMSO", 0, 0, 0),
    ];

    private static readonly Channel[] Channels = [new("DAPI", 405, 450, 50, 0x00B7FFFF), new("Phalloidin", 561, 600, 120, 0xE0409FFF)];

    public static GeneratedDataset Create(DateOnly releaseDate, long seed)
    {
        var files = new List<GeneratedFile>();
        for (var well = 0; well < Rows * Columns; well++)
            for (var channel = 0; channel < Channels.Length; channel++)
                files.Add(File(well, channel, seed));
        var study = Study();
        return new GeneratedDataset(study.Title, study.ToPageTab(releaseDate), [new("plate/file-list-screen.tsv", files)]);
    }

    private static GeneratedFile File(int number, int channel, long seed)
    {
        var (row, column) = (number / Columns, number % Columns);
        var (name, kills, condenses, rounds) = Compounds[column];
        var control = name == "DMSO";
        var micromolar = control ? 0 : 30 / Math.Pow(3, Rows - 1 - row);
        var effect = control ? 0 : (float)(micromolar / (micromolar + 1));
        var well = string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + row)}{column + 1:00}");
        var concentration = micromolar.ToString("0.####", CultureInfo.InvariantCulture);
        var image = new OmeImage
        {
            Name = $"P1 {well} {Channels[channel].Name}",
            Description = $"Well {well}, {name} {concentration} µM",
            AcquiredUtc = new DateTime(2023, 2, 7, 14, 0, 0, DateTimeKind.Utc).AddSeconds(number * 12 + channel * 3),
            Instrument = "Spinning disk high-content imager",
            Magnification = 20,
            NumericalAperture = 0.75,
            Width = Side,
            Height = Side,
            PixelMicrometres = 0.65,
            Channels = [Channels[channel]],
            Well = new PlateWell("P1", Rows, Columns, row, column, $"{name} {concentration} µM"),
            Plane = (_, _, _) => Draw(Dice.For(seed, 3, number), channel, effect * kills, effect * condenses, effect * rounds)
                .Noise(Dice.For(seed, 4, number, channel), 1.1f, 12).ToGray16(),
        };
        return new GeneratedFile($"plate/{well}/P1_{well}_f1_{Channels[channel].Name}.ome.tiff",
        [
            new("Plate", "P1"), new("Well", well), new("Field", "1"), new("Compound", name), new("Concentration (µM)", concentration),
            new("Control", control ? "negative" : ""), new("Channel", Channels[channel].Name), new("Z", "1"), new("Time point", "1"),
        ], to => image.WriteTo(to));
    }

    private static Canvas Draw(Dice dice, int channel, float killed, float condensed, float rounded)
    {
        var canvas = new Canvas(Side, Side).Fill(channel == 0 ? 350 : 600).Shade(150, Side * 0.6f, Side * 0.4f);
        var cells = (int)((11 + dice.Below(4)) * (1 - 0.8f * killed));
        for (var i = 0; i < cells; i++)
        {
            var (x, y, angle) = (dice.Between(2, Side - 2), dice.Between(2, Side - 2), dice.Between(0, 3.14f));
            var size = dice.Between(5.5f, 7.5f);
            var compact = dice.Between(0, 1) < condensed ? 0.55f : 1;
            var nucleus = new Ellipse(x, y, size * compact, size * compact * dice.Between(0.7f, 0.95f), angle);
            if (channel == 0)
                canvas.Ellipse(nucleus, 5200 / compact, 0.3f).Spot(x - 1, y + 1, 1.4f, 1500);
            else
                Actin(canvas, nucleus, dice, rounded);
        }

        return canvas;
    }

    private static void Actin(Canvas canvas, Ellipse nucleus, Dice dice, float rounded)
    {
        var cell = nucleus with { RadiusX = 9 + 8 * (1 - rounded), RadiusY = 9 + 3 * (1 - rounded) };
        canvas.Ellipse(cell, 900, 0.5f).Rim(cell, 1800 + 2500 * rounded, 0.09f);
        for (var fibre = 0; fibre < 5; fibre++)
        {
            var off = (fibre - 2) * 3f + dice.Between(-1, 1);
            var (sin, cos) = MathF.SinCos(cell.Angle);
            var line = new Ellipse(cell.CentreX - sin * off, cell.CentreY + cos * off, cell.RadiusX * 0.85f, 0.9f, cell.Angle);
            canvas.Ellipse(line, 2200 * (1 - rounded), 0.6f);
        }
    }

    private static Study Study() => new()
    {
        Title = "Dose response of nuclear and actin morphology in U2OS cells to ten compounds",
        Description = "High-content screen of one 96-well plate. Human osteosarcoma cells were treated for 24 hours with ten compounds in eight "
            + "threefold dilutions up to 30 µM; columns 1 and 12 hold the solvent control. Nuclei (DAPI) and actin (phalloidin) were imaged in one "
            + "field a well. " + DemoDatasets.Provenance,
        Keywords = ["high-content screening", "dose response", "cytoskeleton", "cell morphology", "drug treatment"],
        License = "CC BY 4.0",
        Authors = ["Priya Ramanathan", "Jonas Feld"],
        Organisation = "Screening Unit, University of Eastvale",
        Funder = "Eastvale Research Council",
        Grant = "ERC-E 77120",
        PublicationYear = 2023,
        Biosample = new("U2OS cells under compound treatment", ("Organism", "Homo sapiens (human)"), ("Biological entity", "U2OS osteosarcoma cell line"),
            ("Description", "Cells seeded at 2,000 a well and treated the next day"), ("Extrinsic variable", "compound"), ("Extrinsic variable", "concentration")),
        Specimen = new("Fixed and stained plate", ("Sample preparation protocol",
            "Cells were fixed in 4 % formaldehyde for 15 minutes, permeabilised, and stained with DAPI and phalloidin."),
            ("Growth protocol", "McCoy's 5A medium with 10 % serum, 37 °C, 5 % carbon dioxide.")),
        Acquisition = new("High-content imaging", ("Imaging instrument", "Spinning disk high-content imager, 20x/0.75 air objective"),
            ("Image acquisition parameters", "405 and 561 nm excitation, one field and one plane a well, 16 bit, 0.65 µm pixels"),
            ("Imaging method", "spinning disk confocal microscopy")),
        Components = [new("Plate P1", "One OME-TIFF for each well and channel, with the well's place on the plate in its OME-XML.", "plate/file-list-screen.tsv")],
    };
}
