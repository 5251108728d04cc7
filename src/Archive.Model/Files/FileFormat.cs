namespace Archive.Model.Files;

/// <summary>A file's format as its name tells it. Only this table decides the media type of an answer, never the depositor.</summary>
/// <param name="Name">The name shown and searched.</param>
/// <param name="MediaType">The media type that answers carry.</param>
/// <param name="ShownInline">Whether a browser may show it in place; everything else is sent as an attachment.</param>
public sealed record FileFormat(string Name, string MediaType, bool ShownInline = false)
{
    private const string Binary = "application/octet-stream";

    // Longest ending first where one ends in another. Media types: IANA registry; image formats without one are octet streams.
    private static readonly (string Ending, FileFormat Format)[] Table =
    [
        (".ome.zarr.zip", new("OME-Zarr (zip)", "application/zip")),
        (".ome.tiff", new("OME-TIFF", "image/tiff")), (".ome.tif", new("OME-TIFF", "image/tiff")),
        (".ome.btf", new("OME-TIFF", "image/tiff")), (".companion.ome", new("OME-XML", Binary)), (".ome.xml", new("OME-XML", Binary)),
        (".tiff", new("TIFF", "image/tiff")), (".tif", new("TIFF", "image/tiff")), (".btf", new("TIFF", "image/tiff")),
        (".png", new("PNG", "image/png", true)), (".jpeg", new("JPEG", "image/jpeg", true)), (".jpg", new("JPEG", "image/jpeg", true)),
        (".txt", new("Text", "text/plain; charset=utf-8", true)), (".log", new("Text", "text/plain; charset=utf-8", true)),
        (".tsv", new("TSV", Binary)), (".csv", new("CSV", Binary)), (".json", new("JSON", Binary)), (".xml", new("XML", Binary)),
        (".html", new("HTML", Binary)), (".htm", new("HTML", Binary)), (".svg", new("SVG", Binary)), (".pdf", new("PDF", "application/pdf")),
        (".czi", new("Zeiss CZI", Binary)), (".lsm", new("Zeiss LSM", Binary)), (".nd2", new("Nikon ND2", Binary)),
        (".lif", new("Leica LIF", Binary)), (".oib", new("Olympus OIB", Binary)), (".oif", new("Olympus OIF", Binary)),
        (".vsi", new("Olympus VSI", Binary)), (".ims", new("Imaris", Binary)), (".dv", new("DeltaVision", Binary)),
        (".mrc", new("MRC", Binary)), (".svs", new("Aperio SVS", Binary)), (".ndpi", new("Hamamatsu NDPI", Binary)),
        (".dcm", new("DICOM", "application/dicom")), (".nii", new("NIfTI", Binary)), (".nii.gz", new("NIfTI", "application/gzip")),
        (".h5", new("HDF5", Binary)), (".hdf5", new("HDF5", Binary)), (".zarr", new("Zarr", Binary)), (".n5", new("N5", Binary)),
        (".avi", new("AVI", "video/x-msvideo")), (".mp4", new("MP4", "video/mp4")), (".mov", new("QuickTime", "video/quicktime")),
        (".zip", new("Zip", "application/zip")), (".tar.gz", new("Tar (gzip)", "application/gzip")), (".tar", new("Tar", "application/x-tar")),
        (".gz", new("Gzip", "application/gzip")), (".npy", new("NumPy", Binary)), (".mat", new("MATLAB", Binary)),
        (".xlsx", new("Excel", Binary)), (".bmp", new("BMP", Binary)), (".gif", new("GIF", Binary)),
    ];

    private static readonly FileFormat Unknown = new("Other", Binary);

    /// <summary>The format of a file by the ending of its name, without regard to case; <c>Other</c> when the table has none.</summary>
    public static FileFormat Of(ArchivePath path)
    {
        var name = path.FileName;
        var best = Unknown;
        var longest = 0;
        foreach (var (ending, format) in Table)
        {
            if (ending.Length <= longest || !name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) continue;
            best = format;
            longest = ending.Length;
        }
        return best;
    }
}
