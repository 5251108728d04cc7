using System.Security.Cryptography;
using System.Text;
using Archive.Model.Rembi;

namespace Archive.Submissions.Revisions;

/// <summary>Tells whether two page tabs say the same of the files that they name themselves.</summary>
internal static class InlineDigest
{
    /// <summary>SHA-256 over paths and attributes in order, each text with its length: 64 hexadecimal digits.</summary>
    public static string Of(IReadOnlyList<RembiInlineFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            Append(file.Path);
            hash.AppendData(BitConverter.GetBytes(file.Attributes.Count));
            foreach (var attribute in file.Attributes)
            {
                Append(attribute.Name);
                Append(attribute.Value);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }
}
