using System.Security.Cryptography;
using System.Text;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit;
using Archive.TestKit.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Archive.Benchmarks;

/// <summary>
/// A public dataset of very many files, written through the stores of a running archive: its list as an object, and one object, which
/// nothing reads, for all images.
/// </summary>
/// <param name="Rows">Files beside the list, in path order.</param>
/// <param name="List">The file list that names them.</param>
/// <param name="PageTab">The page tab, as JSON.</param>
internal sealed record LargeDataset(IEnumerable<LargeDatasetFile> Rows, byte[] List, string PageTab)
{
    /// <summary>The path of the list.</summary>
    public const string ListPath = "files.tsv";

    private const int BatchRows = 10_000;

    /// <summary>Opens the database of an archive that was started on a folder.</summary>
    public static async Task<MetadataDatabase> OpenAsync(TempFolder folder, CancellationToken ct)
    {
        var socket = (await File.ReadAllTextAsync(folder["data/postgres/socket-dir"], ct)).Trim();
        var metadata = new MetadataDatabase(
            new() { ConnectionString = $"Host={socket};Port=5432;Username=archive;Database=archive", StatementTimeout = TimeSpan.FromMinutes(5) }, NullLoggerFactory.Instance);
        await metadata.StartAsync(ct);
        return metadata;
    }

    /// <summary>Writes it as the depositor's.</summary>
    public async Task<Accession> WriteAsync(ArchiveRun archive, MetadataDatabase metadata, TempFolder folder, CancellationToken ct)
    {
        var email = (await archive.Client.GetJsonAsync("/api/accounts/me", ct)).GetProperty("email").GetString()!;
        var owner = (await new PostgresAccountStore(metadata).FindByEmailAsync(email, ct))!.Id;
        var accession = Accession.From("S-BENCH", 1);
        var pass = SubmissionId.New();
        var sha = Convert.ToHexStringLower(SHA256.HashData(List));
        var key = $"{accession}/v1/1/{ListPath}";
        var stored = Path.Combine(folder["data/objects/objects"], key);
        Directory.CreateDirectory(Path.GetDirectoryName(stored)!);
        await File.WriteAllBytesAsync(stored, List, ct);
        var (count, length) = await WriteFilesAsync(new PostgresFileReferenceStore(metadata), Row, ct);
        await WriteDatasetAsync(metadata, owner, accession, pass, sha, count, length, ct);
        return accession;

        FileReference Row(LargeDatasetFile file) => new()
        {
            Accession = accession, Path = ArchivePath.Parse(file.Path, null), Version = 1, Submission = pass,
            ObjectKey = file.Path == ListPath ? key : $"{accession}/v1/1/{file.Path}", LengthBytes = file.LengthBytes,
            Digests = new(sha[..32], sha, 1), Format = file.Format, Attributes = file.Attributes,
        };
    }

    private async Task<(int Count, long LengthBytes)> WriteFilesAsync(PostgresFileReferenceStore references, Func<LargeDatasetFile, FileReference> row, CancellationToken ct)
    {
        var count = 0;
        long length = 0;
        foreach (var batch in Rows.Append(new LargeDatasetFile(ListPath, List.Length, "TSV", [])).Chunk(BatchRows))
        {
            await references.AddAsync([.. batch.Select(row)], ct);
            count += batch.Length;
            length += batch.Sum(f => f.LengthBytes);
        }
        return (count, length);
    }

    private async Task WriteDatasetAsync(
        MetadataDatabase metadata, AccountId owner, Accession accession, SubmissionId pass, string listSha, int files, long lengthBytes, CancellationToken ct)
    {
        var time = TimeProvider.System.GetUtcNow();
        var submissions = new PostgresSubmissionStore(metadata, TimeProvider.System);
        await submissions.AddAsync(
            new()
            {
                Id = pass, Draft = DraftId.New(), Owner = owner, Accession = accession, Version = 1, State = SubmissionState.Released, SubmittedAt = time,
                Sources = new([new(ListPath, listSha, "", false)], Convert.ToHexStringLower(SHA256.HashData([]))),
            }, ct);
        var datasets = new PostgresDatasetStore(metadata);
        using var text = (await PageTabText.ReceiveAsync(new MemoryStream(Encoding.UTF8.GetBytes(PageTab)), long.MaxValue, ct))!;
        await datasets.AddDocumentAsync(new(accession, 1, pass), text, time, text, ct);
        await datasets.TryWriteAsync(
            new()
            {
                Accession = accession, Collection = "BioImages", Owner = owner, State = DatasetState.Released, ReleaseDate = time, Title = "Images",
                Versions = [new(1, pass, time, files, lengthBytes)],
            }, ct);
    }
}

/// <summary>One of its files.</summary>
/// <param name="Path">In the dataset.</param>
/// <param name="LengthBytes">As the catalogue tells it.</param>
/// <param name="Format">By name.</param>
/// <param name="Attributes">In column order.</param>
internal sealed record LargeDatasetFile(string Path, long LengthBytes, string Format, IReadOnlyList<FileAttribute> Attributes);
