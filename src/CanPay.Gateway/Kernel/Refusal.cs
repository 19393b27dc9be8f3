using System.Collections.Immutable;

namespace CanPay.Gateway.Kernel;

/// <summary>A text in the two languages of the API.</summary>
public sealed record Text(string Persian, string English);

/// <summary>A lawful "no" with a stable code. It is not an exception: the caller did something that can be put right.</summary>
/// <param name="Code">Stable number of the published catalogue (docs/errors.md). Never reused.</param>
/// <param name="Name">Stable name in snake_case.</param>
/// <param name="HttpStatus">The status of the answer that carries it.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Description">What to do about it. <c>{name}</c> is replaced by the detail of that name.</param>
public sealed record Refusal(int Code, string Name, int HttpStatus, Text Message, Text Description)
{
    public ImmutableSortedDictionary<string, string> Details { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Seconds after which the caller may try again; sent as <c>Retry-After</c>.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Added to the description for test merchants: what nobody else may be told, or needs to know.</summary>
    public Text? Explanation { get; init; }

    /// <summary>The same refusal, with a detail that its texts name.</summary>
    public Refusal With(string name, string value) => this with { Details = Details.SetItem(name, value) };

    public bool Is(Refusal other) => Code == other.Code;
}
