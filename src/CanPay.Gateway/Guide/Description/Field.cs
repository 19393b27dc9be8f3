using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Guide.Description;

/// <summary>What a field holds.</summary>
internal enum Kind
{
    Text,

    /// <summary>Whole rials.</summary>
    Rials,

    /// <summary>A whole number that is no money.</summary>
    Whole,

    Flag,

    /// <summary>ISO 8601, UTC, milliseconds.</summary>
    Instant,

    /// <summary>An object, or a list of objects, that <see cref="Field.Of"/> names.</summary>
    Object,

    List,

    /// <summary>A list of texts.</summary>
    Texts,
}

/// <summary>One field of a request, an answer or an object: for people in two languages, and for machines.</summary>
internal sealed record Field(string Name, Kind Kind, string Persian, string English)
{
    /// <summary>In a request: must be sent. In answers every field is always there.</summary>
    public bool Required { get; init; }

    /// <summary>In an answer: null where there is nothing to say.</summary>
    public bool Nullable { get; init; }

    /// <summary>Regular expression of a text.</summary>
    public string? Pattern { get; init; }

    public int? MaxLength { get; init; }

    public long? Min { get; init; }

    public long? Max { get; init; }

    /// <summary>All values there are.</summary>
    public IReadOnlyList<string> OneOf { get; init; } = [];

    /// <summary>Name of the shape, where the field is an object or a list of them.</summary>
    public string? Of { get; init; }

    /// <summary>What counts where the field is not sent, as it would be written.</summary>
    public string? Default { get; init; }

    public Text Meaning => new(Persian, English);
}

/// <summary>Fields that go together, in the order in which they are written.</summary>
internal sealed record Shape(string Name, Text Title, IReadOnlyList<Field> Fields);

/// <summary>One call of the merchants' API.</summary>
/// <param name="Path">After <c>/api/ipg/</c>.</param>
/// <param name="Scope">What an API key must be for.</param>
/// <param name="Answer">Name of the shape in <c>data</c>.</param>
/// <param name="RequestExample">As it would be sent by the merchant of the sandbox.</param>
/// <param name="AnswerExample">What came back, with the public address of production.</param>
/// <param name="Errors">Names in the catalogue, beside those that every call has.</param>
internal sealed record Operation(
    string Path,
    Text Title,
    Text Summary,
    string Scope,
    IReadOnlyList<Field> Request,
    string Answer,
    string RequestExample,
    string AnswerExample,
    IReadOnlyList<string> Errors)
{
    /// <summary>Takes the header <c>Idempotency-Key</c>.</summary>
    public bool TakesIdempotencyKey { get; init; }

    /// <summary>As it stands in links and names: <c>refund-status</c>.</summary>
    public string Id => Path.Replace('/', '-');

    /// <summary>What every call may answer, whatever it does.</summary>
    public static IReadOnlyList<string> CommonErrors { get; } =
    [
        "malformed_body", "unsupported_media_type", "body_too_large", "method_not_allowed", "too_many_requests", "access_denied",
        "key_required", "key_invalid", "scope_missing", "field_missing", "merchant_invalid", "internal_error", "temporarily_unavailable",
    ];
}
