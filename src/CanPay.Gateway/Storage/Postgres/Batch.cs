using CanPay.Gateway.Kernel;
using Npgsql;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>The writes of one transaction.</summary>
internal sealed class Batch
{
    private readonly List<GroupCommit.Addition> _additions = [];
    private readonly List<GroupCommit.Change> _changes = [];
    private readonly List<GroupCommit.Barrier> _barriers = [];
    private readonly Dictionary<PaymentId, GroupCommit.Change> _changeOf = [];

    public int Count => _additions.Count + _changes.Count + _barriers.Count;

    /// <returns>False when a move of the same payment is in it already.</returns>
    public bool Add(GroupCommit.Work work)
    {
        switch (work)
        {
            case GroupCommit.Addition addition:
                _additions.Add(addition);
                return true;
            case GroupCommit.Change change:
                if (!_changeOf.TryAdd(change.Move.Change.Before.Id, change))
                {
                    return false;
                }

                _changes.Add(change);
                return true;
            default:
                _barriers.Add((GroupCommit.Barrier)work);
                return true;
        }
    }

    public void Clear()
    {
        _additions.Clear();
        _changes.Clear();
        _barriers.Clear();
        _changeOf.Clear();
    }

    public (Batch First, Batch Second) Halves()
    {
        var (first, second) = (new Batch(), new Batch());
        var i = 0;
        foreach (var work in All())
        {
            (i++ < Count / 2 ? first : second).Add(work);
        }

        return (first, second);
    }

    /// <summary>
    /// One round trip. Without a BEGIN of our own the server makes one transaction of it, which it commits before it says
    /// that it is ready again; the reader is read to that end, and only then anybody is answered.
    /// </summary>
    public async Task Execute(PostgresSession session)
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        AddAdditions(batch);
        AddChanges(batch);
        AddBarriers(batch);

        await using (var rows = await batch.ExecuteReaderAsync(CancellationToken.None))
        {
            if (_additions.Count > 0)
            {
                await ReadAdditions(rows);
                await rows.NextResultAsync(CancellationToken.None);
            }

            if (_changes.Count > 0)
            {
                await ReadChanges(rows);
                await rows.NextResultAsync(CancellationToken.None);
            }

            if (_barriers.Count > 0)
            {
                await ReadPresent(rows);
            }

            while (await rows.NextResultAsync(CancellationToken.None))
            {
            }
        }

        session.RequireCertainty();
    }

    public void Answer()
    {
        _additions.ForEach(addition => addition.Answer(addition.Made));
        _changes.ForEach(change => change.Answer(change.Result));
        _barriers.ForEach(barrier => barrier.Answer(barrier.Holds));
    }

    public void Forbid(PostgresException e)
    {
        foreach (var work in All())
        {
            work.Forbid(e);
        }
    }

    public void Fail(Exception reason)
    {
        foreach (var work in All())
        {
            work.Fail(reason);
        }
    }

    private IEnumerable<GroupCommit.Work> All() => [.. _additions, .. _changes, .. _barriers];

    private void AddAdditions(NpgsqlBatch batch)
    {
        if (_additions.Count > 0)
        {
            var command = new NpgsqlBatchCommand(Statements.AddPayments);
            Statements.NewPayments.Bind(command.Parameters, _additions.ConvertAll(addition => addition.Payment));
            batch.BatchCommands.Add(command);
        }
    }

    private void AddChanges(NpgsqlBatch batch)
    {
        if (_changes.Count == 0)
        {
            return;
        }

        // In the order of the ids, so that two nodes with the same payments wait for each other and do not lock each other out.
        _changes.Sort((one, other) => one.Move.Change.Before.Id.Value.CompareTo(other.Move.Change.Before.Id.Value));
        var messages = new List<MoveMessage>();
        var answers = new List<MoveAnswer>();
        foreach (var change in _changes.Select(change => change.Move.Change))
        {
            foreach (var message in change.Messages)
            {
                messages.Add(new MoveMessage(change.Before.Id, message));
            }

            if (change.Answer is { } answer)
            {
                answers.Add(new MoveAnswer(change.After, answer));
            }
        }

        var command = new NpgsqlBatchCommand(Statements.MovePayments);
        Statements.Moves.Bind(command.Parameters, _changes.ConvertAll(change => change.Move));
        Statements.Messages.Bind(command.Parameters, messages);
        Statements.Answers.Bind(command.Parameters, answers);
        batch.BatchCommands.Add(command);
    }

    private void AddBarriers(NpgsqlBatch batch)
    {
        if (_barriers.Count > 0)
        {
            var present = new NpgsqlBatchCommand(Statements.Present);
            present.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. _barriers.Select(barrier => barrier.AsRead.Id.Value)] });
            batch.BatchCommands.Add(present);
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Statements.Barrier));
        }
    }

    private async Task ReadPresent(NpgsqlDataReader rows)
    {
        var present = new HashSet<(long Id, string Token, long Version, string Status, string? Rrn)>();
        while (await rows.ReadAsync(CancellationToken.None))
        {
            present.Add((rows.GetInt64(0), rows.GetString(1), rows.GetInt64(2), rows.GetString(3), rows.IsDBNull(4) ? null : rows.GetString(4)));
        }

        foreach (var barrier in _barriers)
        {
            var read = barrier.AsRead;
            barrier.Holds = present.Contains((read.Id.Value, read.Token, read.Version, Names<Payments.PaymentStatus>.Of(read.Status), read.Rrn));
        }
    }

    private async Task ReadAdditions(NpgsqlDataReader rows)
    {
        var made = new Dictionary<(string Token, long Merchant, string Invoice), PaymentId>();
        while (await rows.ReadAsync(CancellationToken.None))
        {
            made.Add((rows.GetString(3), rows.GetInt64(1), rows.GetString(2)), new PaymentId(rows.GetInt64(0)));
        }

        foreach (var addition in _additions)
        {
            var payment = addition.Payment;

            // Removed: of two that are equal in everything one was made.
            addition.Made = made.Remove((payment.Token, payment.MerchantId.Value, payment.InvoiceId), out var id) ? id : null;
        }
    }

    private async Task ReadChanges(NpgsqlDataReader rows)
    {
        _changes.ForEach(change => change.Result = Payments.ApplyResult.Moved);
        while (await rows.ReadAsync(CancellationToken.None))
        {
            var change = _changeOf[new PaymentId(rows.GetInt64(0))];
            if (rows.GetBoolean(1))
            {
                change.Result = Payments.ApplyResult.Applied;
            }
            else if (change.Result is Payments.ApplyResult.Moved)
            {
                change.Result = Payments.ApplyResult.TooLate;
            }
        }
    }
}
