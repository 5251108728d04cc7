using Archive.Model.Datasets;

namespace Archive.Indexer.Publishing;

/// <summary>What is said of a published generation, written after its bytes.</summary>
/// <param name="Format">Layout of the file; a program that reads another leaves it alone.</param>
/// <param name="Generation">Its name.</param>
/// <param name="BuiltAt">When its build began (UTC).</param>
/// <param name="NewestChange">Every public change up to this number is in it.</param>
/// <param name="NewestAccession">The dataset that was released or revised last of those in it; null when it is empty.</param>
/// <param name="Datasets">Number of datasets.</param>
/// <param name="Files">Number of files.</param>
/// <param name="LengthBytes">Length of the file.</param>
/// <param name="Sha256">SHA-256 of the file, 64 hexadecimal digits.</param>
public sealed record GenerationManifest(
    uint Format, string Generation, DateTimeOffset BuiltAt, long NewestChange, Accession? NewestAccession, int Datasets, long Files, long LengthBytes, string Sha256);
