using CanPay.Gateway.Operations;
using CanPay.Iso8583;

namespace CanPay.Simulation;

/// <summary>The banks' books, kept by themselves: what was taken from cards and what was given back, by the messages alone.</summary>
internal sealed class Issuers(World world)
{
    private static readonly int[] Refusals = [
        ActionCode.Declined, ActionCode.InsufficientFunds, ActionCode.WrongPin, ActionCode.CardExpired, ActionCode.IssuerInoperative];

    private static readonly int[] Riddles = [909, ActionCode.DestinationTimeout, 923, 980, 999, 777];

    private readonly Dictionary<Identity, Purchase> _purchases = [];
    private readonly HashSet<Identity> _remembered = [];
    private readonly Dictionary<Identity, string> _reversals = [];
    private readonly Dictionary<Identity, Credit> _credits = [];

    /// <summary>An advice is repeated as it is: by its trace number the network knows it again.</summary>
    public HashSet<string> ReversedUnderSeveralTraces { get; } = [];

    public IReadOnlyCollection<Purchase> Purchases => _purchases.Values;

    public IReadOnlyCollection<Credit> Credits => _credits.Values;

    /// <summary>The same books, as the doctor reads the network's.</summary>
    public IEnumerable<NetworkJournal.Line> Journal()
    {
        foreach (var purchase in _purchases.Values)
        {
            yield return new(purchase.Rrn, purchase.Amount, "purchase", purchase.IsTaken ? "approved" : "declined");
            if (purchase.IsReversed)
            {
                yield return new(purchase.Rrn, purchase.Amount, "reversal", "reversed");
            }
        }

        foreach (var credit in _credits.Values)
        {
            yield return new(credit.Rrn, credit.Amount, "refund", credit.Code == ActionCode.Approved ? "refunded" : "declined");
        }
    }

    /// <summary>What is done about a message, and the action code that says so.</summary>
    public int Decide(IsoMessage message) => message.Mti switch
    {
        Mti.FinancialRequest => Purchased(message),
        Mti.ReversalAdvice => Reversed(message),
        Mti.FinancialAdvice => Refunded(message),
        _ => ActionCode.NotSupported,
    };

    private int Purchased(IsoMessage message)
    {
        var identity = Identity.Of(message);
        if (_purchases.TryGetValue(identity, out var known))
        {
            return known.Code;
        }

        var chance = world.Chance;
        var code = _remembered.Contains(identity) ? ActionCode.Declined
            : world.Faults.Happens(world.Swarm.CodeUnknown) ? chance.Of(Riddles)
            : chance.Is(world.Swarm.Declines) ? chance.Of(Refusals)
            : ActionCode.Approved;

        // Behind a code that says nothing the money may have moved.
        var isTaken = code == ActionCode.Approved || (Riddles.Contains(code) && chance.Is(0.5));
        message.TryGetNumber(4, out var amount);
        _purchases.Add(identity, new Purchase(message.GetText(37)!, amount, code) { IsTaken = isTaken });
        world.Trace.Note(world.PaymentOf(message), code, $"issuer: purchase of {amount}, action code {code:000}{(isTaken ? ", money taken" : "")}");
        return code;
    }

    private int Reversed(IsoMessage message)
    {
        var original = Identity.OfOriginal(message);
        var trace = message.GetText(11)!;
        if (!_reversals.TryAdd(original, trace) && _reversals[original] != trace)
        {
            ReversedUnderSeveralTraces.Add($"{original}: {_reversals[original]}, {trace}");
        }

        if (_purchases.TryGetValue(original, out var purchase))
        {
            if (world.Faults.Happens(world.Swarm.ReversalRefused) && purchase.Refusals++ < 5)
            {
                return world.Chance.Of([ActionCode.FieldError, ActionCode.DestinationTimeout, 416]);
            }

            if (!purchase.IsTaken)
            {
                return ActionCode.ReversalDisregarded;
            }

            if (purchase.IsReversed)
            {
                return ActionCode.AlreadyReversed;
            }

            purchase.IsReversed = true;
            world.Trace.Note(world.PaymentOf(message), 3_000, $"issuer: {purchase.Amount} given back by reversal");
            return ActionCode.Reversed;
        }

        if (world.Swarm.ForgetsReversals)
        {
            world.Trace.Note(world.PaymentOf(message), 3_001, $"issuer: does not know that purchase, and forgets its reversal");
            return ActionCode.OriginalNotFound;
        }

        _remembered.Add(original);
        world.Trace.Note(world.PaymentOf(message), 3_002, $"issuer: does not know that purchase, and will not take it any more");
        return ActionCode.Reversed;
    }

    private int Refunded(IsoMessage message)
    {
        var identity = Identity.Of(message);
        if (_credits.TryGetValue(identity, out var known))
        {
            return known.Code == ActionCode.Approved ? ActionCode.Duplicate : known.Code;
        }

        message.TryGetNumber(4, out var amount);
        var code = world.Faults.Happens(world.Swarm.RefundDeclined) ? ActionCode.Declined : ActionCode.Approved;
        var purchase = _purchases.GetValueOrDefault(Identity.OfOriginal(message));
        _credits.Add(identity, new Credit(message.GetText(37)!, purchase?.Rrn, amount, code));
        world.Trace.Note(world.PaymentOf(message), 4_000 + code, $"issuer: refund of {amount}, action code {code:000}");
        return code;
    }

    /// <summary>By what the network knows a message again: trace number, local time, terminal.</summary>
    private readonly record struct Identity(string Stan, string LocalTime, string Terminal)
    {
        public static Identity Of(IsoMessage message) => new(message.GetText(11)!, message.GetText(12)!, message.GetText(41)!);

        /// <summary>Field 56: type (4), trace number (6), local time (12), acquirer.</summary>
        public static Identity OfOriginal(IsoMessage message)
        {
            var original = message.GetText(56)!;
            return new(original[4..10], original[10..22], message.GetText(41)!);
        }
    }
}

/// <param name="Code">What was answered.</param>
internal sealed record Purchase(string Rrn, long Amount, int Code)
{
    public bool IsTaken { get; init; }

    public bool IsReversed { get; set; }

    public int Refusals { get; set; }

    public bool Stands => IsTaken && !IsReversed;
}

/// <param name="Purchase">RRN of what is given back; none where the network does not know it.</param>
internal sealed record Credit(string Rrn, string? Purchase, long Amount, int Code);
