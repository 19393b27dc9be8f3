using System.ComponentModel.DataAnnotations;

namespace CanPay.Gateway.Risk;

/// <summary>
/// Section <c>Risk</c>: what is taken for a trial of stolen or invented card numbers. Only what issuers decline counts; what
/// they cannot be reached for does not.
/// </summary>
public sealed class RiskOptions
{
    public const string Section = "Risk";

    /// <summary>Declines of one card in 24 hours, at whatever shops, after which it is asked about no more.</summary>
    /// <value>Default 5.</value>
    [Range(1, 1_000)]
    public int DeclinesPerCardAndDay { get; set; } = 5;

    /// <summary>Declines from one address in an hour after which its payers are asked whether they are people.</summary>
    /// <value>Default 3.</value>
    [Range(1, 100_000)]
    public int CaptchaAfterDeclinesPerAddressAndHour { get; set; } = 3;

    /// <summary>Different cards declined from one address in an hour, after which no further card of it is asked about.</summary>
    /// <value>Default 10. Cards that were approved do not count: many payers may share an address.</value>
    [Range(1, 100_000)]
    public int DeclinedCardsPerAddressAndHour { get; set; } = 10;

    /// <summary>
    /// Declines of one BIN at one shop in 10 minutes after which payers with such a card are asked whether they are people, if
    /// they are as many as <see cref="AttackPercent"/> says.
    /// </summary>
    /// <value>Default 30.</value>
    [Range(1, 1_000_000)]
    public int DeclinesPerBinAndShopIn10Minutes { get; set; } = 30;

    /// <summary>
    /// Declines at one shop in 10 minutes after which it counts as attacked, if they are as many as <see cref="AttackPercent"/>
    /// says: all its payers are asked whether they are people, and few of them pay at a time.
    /// </summary>
    /// <value>Default 100.</value>
    [Range(1, 1_000_000)]
    public int DeclinesPerShopIn10Minutes { get; set; } = 100;

    /// <summary>Declines among the answers of 10 minutes, in per cent, from which on their number is an attack.</summary>
    /// <value>Default 50.</value>
    [Range(1, 100)]
    public int AttackPercent { get; set; } = 50;

    /// <summary>Cards in a minute that issuers are asked about for a shop that is attacked.</summary>
    /// <value>Default 10.</value>
    [Range(0, 100_000)]
    public int CardsPerMinuteOfAttackedShop { get; set; } = 10;

    /// <summary>Milliseconds that a payer waits for others' answers where those would decide; then they are asked to try again.</summary>
    /// <value>Default 5,000.</value>
    [Range(0, 60_000)]
    public int WaitMs { get; set; } = 5_000;
}
