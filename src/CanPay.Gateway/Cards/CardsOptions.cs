using System.ComponentModel.DataAnnotations;

namespace CanPay.Gateway.Cards;

/// <summary>Section <c>Cards</c>: the payer's own cards, and the codes that open them.</summary>
public sealed class CardsOptions
{
    public const string Section = "Cards";

    /// <summary>Seconds for which a one-time code is good.</summary>
    /// <value>Default 120.</value>
    [Range(30, 600)]
    public int CodeSeconds { get; set; } = 120;

    /// <summary>Tries that a code has.</summary>
    /// <value>Default 3.</value>
    [Range(1, 10)]
    public int CodeTries { get; set; } = 3;

    /// <summary>Seconds between two codes to one mobile.</summary>
    /// <value>Default 60.</value>
    [Range(1, 3_600)]
    public int CodesApartSeconds { get; set; } = 60;

    /// <summary>Codes to one mobile in 24 hours.</summary>
    /// <value>Default 5.</value>
    [Range(1, 1_000)]
    public int CodesPerMobileAndDay { get; set; } = 5;

    /// <summary>Codes that one client address may ask for in an hour.</summary>
    /// <value>Default 20.</value>
    [Range(1, 100_000)]
    public int CodesPerAddressAndHour { get; set; } = 20;

    /// <summary>Codes that payers of one merchant may ask for in an hour.</summary>
    /// <value>Default 50, so that a list of mobiles cannot be tried out.</value>
    [Range(1, 1_000_000)]
    public int CodesPerMerchantAndHour { get; set; } = 50;

    /// <summary>Cards that one mobile may keep with us.</summary>
    /// <value>Default 20.</value>
    [Range(1, 100)]
    public int MaxSavedCards { get; set; } = 20;
}

/// <summary>Section <c>Sms</c>: any provider that takes an HTTP POST.</summary>
public sealed class SmsOptions
{
    public const string Section = "Sms";

    /// <summary>Where to post to.</summary>
    /// <value>Default: none; in the sandbox the simulator's.</value>
    public string? Url { get; set; }

    /// <summary>What is posted; <c>{to}</c> and <c>{text}</c> are put in, escaped for the content type.</summary>
    [Required]
    public string Body { get; set; } = """{"to":"{to}","text":"{text}"}""";

    /// <summary><c>application/json</c> or <c>application/x-www-form-urlencoded</c>.</summary>
    [RegularExpression("^application/(json|x-www-form-urlencoded)$", ErrorMessage = "Sms:ContentType takes application/json or application/x-www-form-urlencoded.")]
    public string ContentType { get; set; } = "application/json";

    /// <summary>A header with the provider's key, as <c>Name: value</c>.</summary>
    public string? Header { get; set; }

    /// <summary>Seconds to wait for the provider.</summary>
    /// <value>Default 5.</value>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 5;
}

/// <summary>Section <c>Peyvand</c>.</summary>
public sealed class PeyvandOptions
{
    public const string Section = "Peyvand";

    /// <summary>Address of the service, without a slash at the end.</summary>
    /// <value>Default: none; in the sandbox the simulator's.</value>
    public string? Url { get; set; }

    /// <summary>Seconds to wait for an answer; without one the page shows the cards that are saved here.</summary>
    /// <value>Default 3.</value>
    [Range(1, 30)]
    public int TimeoutSeconds { get; set; } = 3;
}
