using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Archive.Model.Submissions;

namespace Archive.Submissions.TextMetadata;

/// <summary>What became of a proposal.</summary>
public enum ProposalState
{
    /// <summary>Nobody has judged it.</summary>
    Proposed,

    /// <summary>The page tab holds it, with its source.</summary>
    Accepted,

    /// <summary>It was dropped, and comes back only when its file changes.</summary>
    Dropped,
}

/// <summary>A value of a staged text file that the depositor may take into the page tab.</summary>
/// <param name="Id">22 characters; the same as long as the file and the value are the same.</param>
/// <param name="Parser">The parser that found it.</param>
/// <param name="Found">What it is, and where it goes as the page tab stands.</param>
/// <param name="State">What became of it.</param>
/// <param name="Standing">Values that the page tab has at its place already, at most ten.</param>
public sealed record Proposal(string Id, string Parser, FoundValue Found, ProposalState State, IReadOnlyList<string> Standing)
{
    /// <summary>The value as the parser gave it, with both places that it may go to.</summary>
    internal FoundValue Original { get; init; } = Found;

    /// <summary>The identity: a digest of the value, its place, its source and the content of its file.</summary>
    internal static string IdOf(string parser, FoundValue found, string fileSha256)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Every part with its length, so that no two lists of parts look alike.
        void Part(string? text)
        {
            var bytes = Encoding.UTF8.GetBytes(text ?? "");
            digest.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(text is null ? -1 : bytes.Length)}:")));
            digest.AppendData(bytes);
        }

        foreach (var part in new[] { parser, fileSha256, found.Kind.ToString(), found.Place.SectionType, found.Place.SectionTitle, found.Place.Attribute, found.Source.ToString(), found.Value, found.Unit })
            Part(part);
        foreach (var column in found.Table?.Columns ?? []) Part(column);
        foreach (var row in found.Table?.Rows ?? [])
        {
            Part(row.Source.ToString());
            Part(row.File?.Value);
            foreach (var cell in row.Cells) Part(cell);
        }
        return Base64Url.EncodeToString(digest.GetHashAndReset().AsSpan(0, 16));
    }
}

/// <summary>Everything that the text files of a draft propose.</summary>
/// <param name="Items">In the order of parsers, files and lines.</param>
/// <param name="Report">What could not be made sense of, is missing or was left out; warnings all.</param>
/// <param name="FilesRead">How many text files were looked at.</param>
public sealed record ProposalList(IReadOnlyList<Proposal> Items, ValidationReport Report, int FilesRead);
