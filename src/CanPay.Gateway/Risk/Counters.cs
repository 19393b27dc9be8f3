using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Risk;

/// <summary>Sliding windows over what issuers decline: by card, address, BIN and shop.</summary>
/// <remarks>Times are milliseconds since 1970. Decides and counts in one step, so that no two attempts take the same last place.</remarks>
internal sealed class Counters(RiskOptions limits)
{
    private const long Minute = 60_000;
    private const long TenMinutes = 10 * Minute;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    private readonly Dictionary<string, Tally> _cards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tally> _networks = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Bin, MerchantId Shop), Tally> _bins = [];
    private readonly Dictionary<MerchantId, Tally> _shops = [];
    private readonly Dictionary<MerchantId, Tally> _turns = [];
    private readonly Lock _lock = new();

    /// <summary>Cards, addresses, BINs and shops that are kept in memory.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _cards.Count + _networks.Count + _bins.Count + _shops.Count + _turns.Count;
            }
        }
    }

    /// <summary>What is known before a card is.</summary>
    public bool AsksIfHuman(string network, MerchantId shop, long now)
    {
        lock (_lock)
        {
            return IsSuspicious(network, now) || IsAttacked(shop, now);
        }
    }

    /// <summary>Looks at an attempt, and takes it up where it may go.</summary>
    /// <param name="isHuman">The payer has shown to be a person, or nobody wants to know.</param>
    public Verdict Begin(Attempt attempt, bool isHuman, long now)
    {
        lock (_lock)
        {
            var verdict = Judge(attempt, isHuman, now);
            if (verdict is Verdict.Go)
            {
                foreach (var tally in Of(attempt))
                {
                    tally.Begin(attempt.CardHash);
                }

                if (IsAttacked(attempt.Shop, now))
                {
                    In(_turns, attempt.Shop, Minute).Approve(now);
                }
            }

            return verdict;
        }
    }

    /// <summary>An attempt that was taken up is over.</summary>
    /// <param name="isApproved">Null where the issuer decided nothing.</param>
    /// <returns>True where the shop counts as attacked from now on.</returns>
    public bool End(Attempt attempt, bool? isApproved, long now)
    {
        lock (_lock)
        {
            var wasAttacked = IsAttacked(attempt.Shop, now);
            foreach (var tally in Of(attempt))
            {
                tally.End(attempt.CardHash);
            }

            if (isApproved is true)
            {
                // Of a card or an address only declines decide, so that of those who pay nothing is kept by either.
                In(_bins, (attempt.Bin, attempt.Shop), TenMinutes).Approve(now);
                In(_shops, attempt.Shop, TenMinutes).Approve(now);
            }
            else if (isApproved is false)
            {
                Decline(attempt, now);
            }

            Forget(_cards, attempt.CardHash);
            Forget(_networks, attempt.Network);

            return !wasAttacked && IsAttacked(attempt.Shop, now);
        }
    }

    /// <summary>Counts what was declined elsewhere, or before this node started.</summary>
    public void Add(Attempt attempt, long at)
    {
        lock (_lock)
        {
            Decline(attempt, at);
        }
    }

    /// <summary>Lets go of what counts for nobody any more.</summary>
    public void Sweep(long now)
    {
        lock (_lock)
        {
            Drop(_cards, now);
            Drop(_networks, now);
            Drop(_bins, now);
            Drop(_shops, now);
            Drop(_turns, now);
        }
    }

    private Verdict Judge(Attempt attempt, bool isHuman, long now)
    {
        if (At(_cards, attempt.CardHash, now) is { } card)
        {
            if (card.Declines >= limits.DeclinesPerCardAndDay)
            {
                return Verdict.CardStopped;
            }

            if (card.Declines + card.UnderWay >= limits.DeclinesPerCardAndDay)
            {
                return Verdict.Busy;
            }
        }

        if (At(_networks, attempt.Network, now) is { } network)
        {
            if (network.OtherDeclinedCards(attempt.CardHash) >= limits.DeclinedCardsPerAddressAndHour)
            {
                return Verdict.AddressStopped;
            }

            if (network.HasOtherCards(limits.DeclinedCardsPerAddressAndHour, attempt.CardHash))
            {
                return Verdict.Busy;
            }
        }

        var isAttacked = IsAttacked(attempt.Shop, now);
        if (!isHuman && (isAttacked || IsSuspicious(attempt.Network, now) || IsTriedOut(attempt, now)))
        {
            return Verdict.AskIfHuman;
        }

        if (isAttacked)
        {
            return At(_turns, attempt.Shop, now) is { } turns && turns.Approvals >= limits.CardsPerMinuteOfAttackedShop ? Verdict.ShopStopped : Verdict.Go;
        }

        return MayBecomeAttacked(attempt.Shop, now) ? Verdict.Busy : Verdict.Go;
    }

    private bool IsSuspicious(string network, long now) =>
        At(_networks, network, now) is { } tally && tally.Declines >= limits.CaptchaAfterDeclinesPerAddressAndHour;

    private bool IsTriedOut(Attempt attempt, long now) =>
        At(_bins, (attempt.Bin, attempt.Shop), now) is { } tally
        && tally.Declines >= limits.DeclinesPerBinAndShopIn10Minutes && tally.AreDeclines(limits.AttackPercent);

    private bool IsAttacked(MerchantId shop, long now) =>
        At(_shops, shop, now) is { } tally
        && tally.Declines >= limits.DeclinesPerShopIn10Minutes && tally.AreDeclines(limits.AttackPercent);

    /// <summary>If all that is under way were declined, this one would be too many.</summary>
    private bool MayBecomeAttacked(MerchantId shop, long now) =>
        At(_shops, shop, now) is { } tally
        && tally.Declines + tally.UnderWay >= limits.DeclinesPerShopIn10Minutes && tally.AreDeclines(limits.AttackPercent, tally.UnderWay);

    private void Decline(Attempt attempt, long at)
    {
        foreach (var tally in Of(attempt))
        {
            tally.Decline(attempt.CardHash, at);
        }
    }

    private Tally[] Of(Attempt attempt) =>
    [
        In(_cards, attempt.CardHash, Day),
        In(_networks, attempt.Network, Hour),
        In(_bins, (attempt.Bin, attempt.Shop), TenMinutes),
        In(_shops, attempt.Shop, TenMinutes),
    ];

    private static Tally In<T>(Dictionary<T, Tally> tallies, T key, long window)
        where T : notnull
    {
        if (!tallies.TryGetValue(key, out var tally))
        {
            tallies[key] = tally = new Tally(window);
        }

        return tally;
    }

    private static Tally? At<T>(Dictionary<T, Tally> tallies, T key, long now)
        where T : notnull => tallies.GetValueOrDefault(key)?.At(now);

    private static void Forget<T>(Dictionary<T, Tally> tallies, T key)
        where T : notnull
    {
        if (tallies[key].IsEmpty)
        {
            tallies.Remove(key);
        }
    }

    private static void Drop<T>(Dictionary<T, Tally> tallies, long now)
        where T : notnull
    {
        foreach (var key in tallies.Where(pair => pair.Value.At(now).IsEmpty).Select(pair => pair.Key).ToList())
        {
            tallies.Remove(key);
        }
    }
}
