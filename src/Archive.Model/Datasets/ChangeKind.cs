using System.Text.Json.Serialization;

namespace Archive.Model.Datasets;

/// <summary>What a public change was, as those see it who read by change numbers.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChangeKind>))]
public enum ChangeKind
{
    /// <summary>The dataset was public from its first version on.</summary>
    Created,

    /// <summary>It became public after an embargo, or once more.</summary>
    Released,

    /// <summary>It has another newest version.</summary>
    Revised,

    /// <summary>Something else that the public sees was changed, such as its release date.</summary>
    Updated,

    /// <summary>It was withdrawn: a tombstone with its reason is left.</summary>
    Withdrawn,

    /// <summary>It is public no more, without having been withdrawn: nothing else is told of it.</summary>
    Gone,
}
