using System.Security.Cryptography;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Cards;

/// <summary>The cards of a payer who has proved the mobile: those saved here and those registered in Peyvand.</summary>
internal sealed class Wallet(
    IWalletStore store, IPeyvand peyvand, OneTimeCodes codes, CardVault vault, IOptions<CardsOptions> options, TimeProvider clock, ILogger<Wallet> log)
{
    private const string OfPeyvand = "p-";
    private const int MaxLabelLength = 30;

    /// <summary>Names are kept in clear: with more digits than this one could be the card's number.</summary>
    private const int MaxLabelDigits = 8;

    /// <summary>Masked. A card that is in both places is shown once.</summary>
    public async Task<IReadOnlyList<WalletCard>> Cards(string mobile, CancellationToken ct)
    {
        var saved = await store.Cards(codes.Owner(mobile), ct);
        var masks = saved.Select(card => card.Mask).ToHashSet(StringComparer.Ordinal);
        var registered = await peyvand.Cards(mobile, ct);
        return
        [
            .. saved.Select(card => new WalletCard(card.Id, card.Mask, card.Label, IsSaved: true)),
            .. registered.Where(card => !masks.Contains(card.Mask)).Select(card => new WalletCard(OfPeyvand + card.Id, card.Mask, null, IsSaved: false)),
        ];
    }

    /// <summary>Number and expiry of one of them; null where it is not this payer's, or no more.</summary>
    public async Task<(Pan Pan, string Expiry)?> Open(string mobile, string id, CancellationToken ct)
    {
        if (id.StartsWith(OfPeyvand, StringComparison.Ordinal))
        {
            return await peyvand.Card(mobile, id[OfPeyvand.Length..], ct);
        }

        var owner = codes.Owner(mobile);
        if ((await store.Cards(owner, ct)).FirstOrDefault(card => card.Id == id) is not { } card)
        {
            return null;
        }

        await store.Used(owner, id, clock.Now(), ct);
        return await vault.Open(card.Sealed, Place(card.Id), ct);
    }

    /// <summary>Seals a card that its payer wants to keep, before the card is gone; <see cref="KeepWhen"/> writes it down.</summary>
    public SavedCard Seal(string mobile, Card card, SentCode proof)
    {
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var now = clock.Now();
        return new SavedCard(
            id, codes.Owner(mobile), vault.Hash(card.Pan), vault.Seal(card.Pan, card.Expiry, Place(id)), card.Pan.Mask, null, now, now, proof.Id);
    }

    /// <summary>Keeps a card when it has paid: what was declined is not worth it. Bound to nobody's request.</summary>
    /// <param name="outcome">Ends when the outcome of the purchase is written.</param>
    /// <param name="isPaid">Looks at it then.</param>
    public async Task KeepWhen(Task outcome, Func<Task<bool>> isPaid, SavedCard card)
    {
#pragma warning disable CA1031 // a card that is not kept takes nothing from the payment
        try
        {
            await outcome;
            if (await isPaid() && (await store.Cards(card.Owner, CancellationToken.None)).Count < options.Value.MaxSavedCards)
            {
                await store.Save(card, CancellationToken.None);
            }
        }
        catch (Exception e)
        {
            log.CardNotSaved(e);
        }
#pragma warning restore CA1031
    }

    public Task Rename(string mobile, string id, string label, CancellationToken ct)
    {
        var text = label.Trim();
        var isName = text.Length > 0 && Digits.Fold(text).Count(char.IsAsciiDigit) <= MaxLabelDigits;
        return store.Rename(codes.Owner(mobile), id, isName ? text[..Math.Min(text.Length, MaxLabelLength)] : null, ct);
    }

    public Task Delete(string mobile, string id, CancellationToken ct) => store.Delete(codes.Owner(mobile), id, ct);

    private static string Place(string id) => "saved_cards/" + id;
}

/// <summary>A card to choose.</summary>
/// <param name="Id">Says nothing of the card.</param>
/// <param name="Mask">First six and last four digits in groups of four.</param>
/// <param name="Label">The payer's own name for it.</param>
/// <param name="IsSaved">Kept here: it may be renamed and deleted here.</param>
internal sealed record WalletCard(string Id, string Mask, string? Label, bool IsSaved);
