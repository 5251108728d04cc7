using System.Security.Cryptography;
using System.Text.Json;

namespace Archive.Demo.Deposit;

/// <summary>What a run has to remember for the next: the depositor's sign-in, and the draft and accession of each title.</summary>
/// <param name="Depositor">Made up by the first run.</param>
/// <param name="Drafts">Title to draft, written before anything is sent to the draft, so that a cut run goes on with it.</param>
/// <param name="Accessions">Title to accession of what was released.</param>
internal sealed record DepositState(Depositor Depositor, Dictionary<string, string> Drafts, Dictionary<string, string> Accessions)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>Reads the file, or makes a state with a depositor nobody else can know when there is none.</summary>
    public static DepositState Load(string? file)
    {
        if (file is not null && File.Exists(file))
        {
            using var stored = File.OpenRead(file);
            return JsonSerializer.Deserialize<DepositState>(stored) ?? throw new DepositException($"{file} holds no state: delete it to begin anew.");
        }

        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var password = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        return new DepositState(new Depositor($"demo-{name}@example.org", password, "Demonstration Depositor"), [], []);
    }

    /// <summary>Writes the state, readable for nobody else; an interrupted write leaves the one before.</summary>
    public void Save(string? file)
    {
        if (file is null)
            return;
        var next = file + ".next";
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var stream = new FileStream(next, options))
            JsonSerializer.Serialize(stream, this, Readable);
        File.Move(next, file, overwrite: true);
    }
}
