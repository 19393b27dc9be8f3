using CanPay.Gateway.Acquiring.Direct;

namespace CanPay.Gateway.Cards;

/// <summary>Peyvand (سامانه پیوند): the cards that a payer has registered for a mobile. Asked only after the payer has proved to have it.</summary>
public interface IPeyvand
{
    /// <summary>Masked; none where nobody is to be asked or nobody answers.</summary>
    /// <param name="mobile"><c>09123456789</c>.</param>
    Task<IReadOnlyList<RegisteredCard>> Cards(string mobile, CancellationToken ct);

    /// <summary>Number and expiry of one of them, for one payment; null where it is no more.</summary>
    /// <param name="id">As <see cref="Cards"/> told it.</param>
    Task<(Pan Pan, string Expiry)?> Card(string mobile, string id, CancellationToken ct);
}

/// <summary>A card as Peyvand tells it.</summary>
/// <param name="Id">Peyvand's own name for it.</param>
/// <param name="Mask">First six and last four digits in groups of four.</param>
public sealed record RegisteredCard(string Id, string Mask);

/// <summary>Whoever sends SMS for us.</summary>
public interface ISmsSender
{
    /// <summary>There is one: without it nothing that needs a code is offered.</summary>
    bool IsThere { get; }

    /// <summary>True when it was taken; never throws for trouble on the way.</summary>
    /// <param name="to"><c>09123456789</c>.</param>
    Task<bool> Send(string to, string text, CancellationToken ct);
}

/// <summary>What saved cards and one-time codes keep in the store.</summary>
public interface IWalletStore
{
    /// <summary>Writes down a code that is about to be sent, if every limit has room for it.</summary>
    Task<bool> TryAdd(SentCode code, CodeLimits limits, CancellationToken ct);

    /// <summary>The latest code of this browser at this payment.</summary>
    Task<SentCode?> Find(long paymentId, string browserHash, CancellationToken ct);

    /// <summary>Takes one of the tries, and with the right hash proves the code: once, in time, and for one browser.</summary>
    Task<bool> TryProve(string id, string codeHash, int maxTries, DateTimeOffset now, CancellationToken ct);

    /// <summary>The latest used first.</summary>
    Task<IReadOnlyList<SavedCard>> Cards(string owner, CancellationToken ct);

    /// <summary>Writes the card down, in the place of the same card of the same owner.</summary>
    Task Save(SavedCard card, CancellationToken ct);

    Task Rename(string owner, string id, string? label, CancellationToken ct);

    Task Used(string owner, string id, DateTimeOffset now, CancellationToken ct);

    Task Delete(string owner, string id, CancellationToken ct);

    /// <summary>Throws away codes that were sent before.</summary>
    Task ForgetCodes(DateTimeOffset before, CancellationToken ct);
}

/// <summary>A one-time code that was sent. The code itself is nowhere: only its keyed hash.</summary>
/// <param name="Id">Random; part of what is hashed.</param>
/// <param name="Owner">Keyed hash of the mobile.</param>
/// <param name="BrowserHash">The browser that asked; no other may use it.</param>
/// <param name="Address">Of the client.</param>
public sealed record SentCode(
    string Id, long PaymentId, long MerchantId, string Owner, string BrowserHash, string Address, string CodeHash, DateTimeOffset SentAt, DateTimeOffset ExpiresAt)
{
    public int Tries { get; init; }

    public DateTimeOffset? ProvedAt { get; init; }
}

/// <summary>How many codes may be sent.</summary>
public sealed record CodeLimits(TimeSpan Apart, int PerMobileAndDay, int PerAddressAndHour, int PerMerchantAndHour);

/// <summary>A card that a payer keeps with us.</summary>
/// <param name="Id">Random; authenticated with what is sealed.</param>
/// <param name="Owner">Keyed hash of the mobile.</param>
/// <param name="CardHash">Keyed hash of the number.</param>
/// <param name="Sealed">Number and expiry.</param>
/// <param name="Mask">First six and last four digits in groups of four.</param>
/// <param name="Label">The payer's own name for it.</param>
/// <param name="ProofId">The code by which the payer proved the mobile when it was saved.</param>
public sealed record SavedCard(
    string Id, string Owner, string CardHash, byte[] Sealed, string Mask, string? Label, DateTimeOffset SavedAt, DateTimeOffset UsedAt, string ProofId);
