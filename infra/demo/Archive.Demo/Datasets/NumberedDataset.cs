using System.Globalization;
using Archive.Demo.Images;

namespace Archive.Demo.Datasets;

/// <summary>Datasets of any number of small images for tests: a plate in shape, quick to make, alike for equal arguments.</summary>
public static class NumberedDataset
{
    private static readonly string[] Compounds = ["DMSO", "Taxol", "Nocodazole", "Etoposide", "Rapamycin"];
    private static readonly string[] ChannelNames = ["DAPI", "GFP", "RFP"];

    /// <summary>Makes a dataset whose every file differs from all others.</summary>
    /// <param name="fileCount">Number of images, at least 1; file lists come on top.</param>
    /// <param name="seed">Equal seeds give equal bytes; also part of the title.</param>
    /// <param name="releaseDate">The date it becomes public, from 00:00 UTC.</param>
    /// <param name="sidePixels">Edge of each image, at least 8; an image holds 2 bytes a pixel and about 2 KB of OME-XML.</param>
    /// <param name="jsonFileList">Whether the file list is JSON rather than TSV.</param>
    public static GeneratedDataset Create(int fileCount, long seed, DateOnly releaseDate, int sidePixels = 32, bool jsonFileList = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fileCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sidePixels, 8);
        var list = new GeneratedFileList(jsonFileList ? "file_list.json" : "file_list.tsv",
            [.. Enumerable.Range(0, fileCount).Select(number => File(number, seed, sidePixels))]);
        var study = Study(fileCount, seed, list.Path);
        return new GeneratedDataset(study.Title, study.ToPageTab(releaseDate), [list]);
    }

    private static GeneratedFile File(int number, long seed, int side)
    {
        var channel = number % ChannelNames.Length;
        var well = number / ChannelNames.Length;
        var compound = Compounds[well % Compounds.Length];
        var name = string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + well / 12 % 8)}{well % 12 + 1:00}");
        var plate = Text(well / 96 + 1);
        var image = new OmeImage
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"image {number} of seed {seed}"),
            Description = $"Plate {plate}, well {name}, {compound}",
            AcquiredUtc = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(number),
            Instrument = "Generator of test images",
            Magnification = 20,
            NumericalAperture = 0.75,
            Width = side,
            Height = side,
            PixelMicrometres = 0.65,
            Channels = [new(ChannelNames[channel], 405, 450, 50, 0x00B7FFFF)],
            Plane = (_, _, _) => Draw(Dice.For(seed, 10, number), side).ToGray16(),
        };
        return new GeneratedFile(string.Create(CultureInfo.InvariantCulture, $"plate{plate}/{name}/{number:000000}_{ChannelNames[channel]}.ome.tiff"),
        [
            new("Plate", plate), new("Well", name), new("Compound", compound), new("Concentration (µM)", Text(well % 7)),
            new("Channel", ChannelNames[channel]), new("Z", Text(number % 5 + 1)), new("Time point", Text(number % 4 + 1)),
        ], to => image.WriteTo(to, deflate: false));
    }

    private static Canvas Draw(Dice dice, int side)
    {
        var canvas = new Canvas(side, side).Fill(300);
        for (var spot = 0; spot < 4; spot++)
            canvas.Spot(dice.Between(0, side), dice.Between(0, side), dice.Between(1, side / 8f), dice.Between(500, 5000));
        return canvas.Noise(dice, 1, 10);
    }

    private static Study Study(int fileCount, long seed, string fileList) => new()
    {
        Title = string.Create(CultureInfo.InvariantCulture, $"Generated plate of {fileCount} images from seed {seed}"),
        Description = "A plate of small images for tests. " + DemoDatasets.Provenance,
        Keywords = ["generated", "plate"],
        License = "CC0",
        Authors = ["Robin Tester"],
        Organisation = "Test Institute",
        Funder = "Test Fund",
        Grant = "T-1",
        PublicationYear = 2024,
        Biosample = new("Generated cells", ("Organism", "Homo sapiens (human)"), ("Biological entity", "cell line")),
        Specimen = new("Generated plate", ("Sample preparation protocol", "None: the images are drawn.")),
        Acquisition = new("Generated images", ("Imaging instrument", "none"), ("Image acquisition parameters", "16 bit"), ("Imaging method", "fluorescence microscopy")),
        Components = [new("Images", "All images.", fileList)],
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
