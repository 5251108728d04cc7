using System.Globalization;
using Archive.Model.Datasets;
using Archive.Model.Files;

namespace Archive.Api.Pages;

/// <summary>What the page of a file shows.</summary>
internal sealed record FileView
{
    /// <summary>The dataset.</summary>
    public required Dataset Dataset { get; init; }

    /// <summary>The file.</summary>
    public required FileReference File { get; init; }

    /// <summary>Its digests.</summary>
    public required FileDigests Digests { get; init; }

    /// <summary>The version named in the address; null for the newest.</summary>
    public required int? Version { get; init; }

    /// <summary>The site's address without a slash at its end.</summary>
    public required string BaseAddress { get; init; }

    /// <summary>The CRC-32 as zip tools print it: 8 hexadecimal digits.</summary>
    public string Crc32 => Digests.Crc32.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Where the bytes are, without the site.</summary>
    public string BytesAddress => Address.Bytes(Dataset.Accession, File.Path, Version);

    /// <summary>Where the bytes are.</summary>
    public string AbsoluteAddress => BaseAddress + BytesAddress;

    /// <summary>Commands for a POSIX shell that fetch the file, going on where an earlier try broke off, and verify it.</summary>
    public string Commands
    {
        get
        {
            // "./" keeps a name that begins with a hyphen from being read as an option.
            var name = Address.ShellQuote("./" + File.Path.FileName);
            return $"curl --fail --location --continue-at - --output {name} {Address.ShellQuote(AbsoluteAddress)}\n"
                + $"sha256sum {name}\n# expected: {Digests.Sha256}";
        }
    }
}
