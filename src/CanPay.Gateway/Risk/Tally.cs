namespace CanPay.Gateway.Risk;

/// <summary>What issuers said of cards within a time that moves along, and which cards they are being asked about.</summary>
/// <param name="windowMs">How far it looks back, in milliseconds.</param>
/// <remarks>Not for several threads at once. Instants are milliseconds, and do not go back.</remarks>
internal sealed class Tally(long windowMs)
{
    private const int Parts = 60;

    private readonly Queue<(long At, string Card)> _declined = new();
    private readonly Dictionary<string, int> _declinesByCard = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _underWay = new(StringComparer.Ordinal);

    /// <summary>Approvals are many: they are counted together, by parts of the window.</summary>
    private readonly LinkedList<(long From, int Count)> _approved = new();

    public int Declines => _declined.Count;

    public int Approvals { get; private set; }

    /// <summary>Attempts whose answers are awaited.</summary>
    public int UnderWay { get; private set; }

    public bool IsEmpty => Declines == 0 && Approvals == 0 && UnderWay == 0;

    /// <summary>Different cards that were declined, without this one.</summary>
    public int OtherDeclinedCards(string card) => _declinesByCard.Count - (_declinesByCard.ContainsKey(card) ? 1 : 0);

    /// <summary>There are as many different cards that were declined or may be any moment, without this one.</summary>
    public bool HasOtherCards(int count, string card)
    {
        // The sum is never too small, and nearly always enough to know.
        var declined = OtherDeclinedCards(card);
        return declined + _underWay.Count >= count
            && declined + _underWay.Keys.Count(other => other != card && !_declinesByCard.ContainsKey(other)) >= count;
    }

    /// <summary>The declines, with as many as are awaited, are at least this part of all answers.</summary>
    public bool AreDeclines(int percent, int awaited = 0)
    {
        var declines = Declines + awaited;
        return declines * 100L >= (long)percent * (declines + Approvals);
    }

    public void Begin(string card)
    {
        UnderWay++;
        _underWay[card] = _underWay.GetValueOrDefault(card) + 1;
    }

    public void End(string card)
    {
        UnderWay--;
        if (--_underWay[card] == 0)
        {
            _underWay.Remove(card);
        }
    }

    public void Approve(long at)
    {
        Approvals++;
        var from = at - (at % (windowMs / Parts));
        if (_approved.Last is { } last && last.Value.From == from)
        {
            last.Value = (from, last.Value.Count + 1);
        }
        else
        {
            _approved.AddLast((from, 1));
        }
    }

    public void Decline(string card, long at)
    {
        _declined.Enqueue((at, card));
        _declinesByCard[card] = _declinesByCard.GetValueOrDefault(card) + 1;
    }

    /// <summary>Itself, without what is too old to count.</summary>
    public Tally At(long now)
    {
        while (_declined.TryPeek(out var oldest) && oldest.At <= now - windowMs)
        {
            _declined.Dequeue();
            if (--_declinesByCard[oldest.Card] == 0)
            {
                _declinesByCard.Remove(oldest.Card);
            }
        }

        while (_approved.First is { } first && first.Value.From <= now - windowMs)
        {
            Approvals -= first.Value.Count;
            _approved.RemoveFirst();
        }

        return this;
    }
}
