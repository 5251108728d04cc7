using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Archive.Api.Monitoring;

/// <summary>
/// Measurements of the framework's and the archive's own meters as Prometheus text, format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
/// </summary>
internal sealed class PrometheusExporter : IDisposable
{
    private static readonly string[] Meters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Runtime", "Npgsql", "Quartz"];

    // A series is made by each combination of tags; a client that could make endless ones must not fill the memory.
    private const int MaxSeries = 5_000;

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, Family> families = new(StringComparer.Ordinal);
    private readonly MeterListener listener = new();
    private int series;

    public PrometheusExporter()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (Array.Exists(Meters, m => m == instrument.Meter.Name) || instrument.Meter.Name.StartsWith("Archive", StringComparison.Ordinal))
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<byte>((i, v, tags, _) => Record(i, v, tags));
        listener.SetMeasurementEventCallback<short>((i, v, tags, _) => Record(i, v, tags));
        listener.SetMeasurementEventCallback<int>((i, v, tags, _) => Record(i, v, tags));
        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Record(i, v, tags));
        listener.SetMeasurementEventCallback<float>((i, v, tags, _) => Record(i, v, tags));
        listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Record(i, v, tags));
        listener.SetMeasurementEventCallback<decimal>((i, v, tags, _) => Record(i, (double)v, tags));
        listener.Start();
    }

    /// <summary>Everything as it stands now.</summary>
    public string Write()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        lock (gate)
            foreach (var family in families.Values)
                family.Write(text);
        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        lock (gate)
        {
            var name = Name(instrument);
            if (!families.TryGetValue(name, out var family)) families[name] = family = new Family(name, instrument);
            if (family.Record(labels, value, mayAdd: series < MaxSeries)) series++;
        }
    }

    private static string Name(Instrument instrument)
    {
        var name = Clean(instrument.Name);
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return Family.IsCounter(instrument) && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            var told = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            text.Append(text.Length == 0 ? "" : ",").Append(Clean(key)).Append("=\"")
                .Append(told.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
        }
        return text.ToString();
    }

    private static string Clean(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    /// <summary>All series of one instrument.</summary>
    private sealed class Family(string name, Instrument instrument)
    {
        private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];

        private readonly SortedDictionary<string, Series> byLabels = new(StringComparer.Ordinal);
        private readonly bool isHistogram = instrument.GetType().Name.StartsWith("Histogram", StringComparison.Ordinal);
        private readonly bool isSet = instrument.IsObservable || instrument.GetType().Name.StartsWith("Gauge", StringComparison.Ordinal);

        public static bool IsCounter(Instrument instrument) =>
            instrument.GetType().Name is var type &&
            (type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("ObservableCounter", StringComparison.Ordinal));

        /// <summary>Takes a measurement in; true when it made a series.</summary>
        public bool Record(string labels, double value, bool mayAdd)
        {
            var isNew = !byLabels.TryGetValue(labels, out var one);
            if (isNew && !mayAdd) return false;
            if (isNew) byLabels[labels] = one = new Series(isHistogram ? new long[Bounds.Length] : []);
            one!.Count++;
            one.Sum = isSet ? value : one.Sum + value;
            for (var i = 0; i < one.Buckets.Length; i++)
                if (value <= Bounds[i])
                    one.Buckets[i]++;
            return isNew;
        }

        public void Write(StringBuilder text)
        {
            if (instrument.Description is { } help) text.Append("# HELP ").Append(name).Append(' ').Append(help.ReplaceLineEndings(" ")).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(isHistogram ? "histogram" : IsCounter(instrument) ? "counter" : "gauge").Append('\n');
            foreach (var (labels, one) in byLabels)
            {
                if (!isHistogram)
                {
                    Line(text, "", labels, one.Sum);
                    continue;
                }
                for (var i = 0; i < Bounds.Length; i++)
                    Line(text, "_bucket", With(labels, Bounds[i].ToString(CultureInfo.InvariantCulture)), one.Buckets[i]);
                Line(text, "_bucket", With(labels, "+Inf"), one.Count);
                Line(text, "_sum", labels, one.Sum);
                Line(text, "_count", labels, one.Count);
            }
        }

        private static string With(string labels, string bound) => $"{labels}{(labels.Length == 0 ? "" : ",")}le=\"{bound}\"";

        private void Line(StringBuilder text, string suffix, string labels, double value)
        {
            text.Append(name).Append(suffix);
            if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
            text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }
    }

    private sealed class Series(long[] buckets)
    {
        public long[] Buckets { get; } = buckets;

        public long Count { get; set; }

        public double Sum { get; set; }
    }
}
