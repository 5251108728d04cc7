using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Archive.Model.Datasets;
using Archive.Storage.Metadata;

namespace Archive.Api.Curation;

/// <summary>The last item of a page of the queue: its time in ticks and its accession.</summary>
internal readonly record struct QueueCursor(QueuePlace Place) : IParsable<QueueCursor>
{
    public static QueueCursor Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var cursor) ? cursor : throw new FormatException("It is no place in the queue.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out QueueCursor result)
    {
        result = default;
        if (s?.Split(' ') is not [var ticks, var accession] || !Accession.TryParse(accession, null, out var known)
            || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at > DateTimeOffset.MaxValue.UtcTicks)
            return false;
        result = new(new(new DateTimeOffset(at, TimeSpan.Zero), known));
        return true;
    }

    public override string ToString() => $"{Place.Since.UtcTicks.ToString(CultureInfo.InvariantCulture)} {Place.Accession}";
}
