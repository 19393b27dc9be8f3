using System.Data.Common;
using System.Threading.Channels;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using Npgsql;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>Reads whatever is asked at the same time in one round trip. Each question is asked of the database anew.</summary>
internal sealed class GroupRead : IAsyncDisposable
{
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromMilliseconds(200);

    private readonly PostgresDatabase _database;
    private readonly int _maxBatch;
    private readonly Lanes<Question> _lanes;

    public GroupRead(PostgresDatabase database, StorageOptions options)
    {
        _database = database;
        _maxBatch = options.MaxBatch;
        _lanes = new Lanes<Question>(options.Readers, options.MaxQueue, database.Patience, Lane);
    }

    public Task<PaymentFound?> Payment(string token) => Ask(new Question<string, PaymentFound>(Kind.PaymentByToken, token));

    public Task<Payment?> Payment(PaymentId id) => Ask(new Question<long, Payment>(Kind.PaymentById, id.Value));

    public Task<MerchantFound?> Merchant(string code) => Ask(new Question<string, MerchantFound>(Kind.MerchantByCode, code));

    public ValueTask DisposeAsync() => _lanes.DisposeAsync();

    private Task<TAnswer?> Ask<TKey, TAnswer>(Question<TKey, TAnswer> question)
        where TKey : notnull
        where TAnswer : class => _lanes.Handle(question, question.Task);

    private async Task Lane(ChannelReader<Question> queue)
    {
        var questions = new List<Question>();
        while (await queue.WaitToReadAsync())
        {
            questions.Clear();
            while (questions.Count < _maxBatch && _lanes.TryTake(queue, out var question))
            {
                questions.Add(question);
            }

            if (questions.Count > 0)
            {
                await Answer(questions);
            }
        }
    }

    private async Task Answer(List<Question> questions)
    {
#pragma warning disable CA1031 // whatever it is, everybody who asked hears of it, and the lane lives on
        try
        {
            await using var session = await _database.Open(CancellationToken.None);
            await using var batch = new NpgsqlBatch(session.Connection);
            var byToken = new Set<string, PaymentFound>(Kind.PaymentByToken, PaymentFound.Columns, $"{Rows.Payments} WHERE token", PaymentFound.Read, p => p.Payment.Token);
            var byId = new Set<long, Payment>(Kind.PaymentById, Rows.PaymentColumns, $"{Rows.Payments} WHERE id", Rows.Payment, p => p.Id.Value);
            var byCode = new Set<string, MerchantFound>(Kind.MerchantByCode, MerchantFound.Columns, "merchants WHERE code", MerchantFound.Read, m => m.Code);
            ISet[] sets = [byToken, byId, byCode];
            var asked = sets.Where(set => set.AddTo(batch, questions)).ToList();
            await using (var rows = await batch.ExecuteReaderAsync(CancellationToken.None))
            {
                foreach (var set in asked)
                {
                    await set.Read(rows);
                    await rows.NextResultAsync(CancellationToken.None);
                }
            }

            asked.ForEach(set => set.Answer());
        }
        catch (Exception e)
        {
            var failure = new StoreUnavailableException("The database could not be read: " + e.Message, e);
            questions.ForEach(question => question.Fail(failure));
            _database.Failed(e);
            await Task.Delay(RestAfterFailure);
        }
#pragma warning restore CA1031
    }

    private enum Kind
    {
        PaymentByToken,
        PaymentById,
        MerchantByCode,
    }

    private abstract class Question(Kind kind) : IWaiting
    {
        public long Since { get; } = Environment.TickCount64;

        public Kind Kind => kind;

        public abstract void Fail(Exception reason);
    }

    private sealed class Question<TKey, TAnswer>(Kind kind, TKey key) : Question(kind)
        where TAnswer : class
    {
        private readonly TaskCompletionSource<TAnswer?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TKey Key => key;

        public Task<TAnswer?> Task => _answer.Task;

        public void Answer(TAnswer? answer) => _answer.TrySetResult(answer);

        public override void Fail(Exception reason) => _answer.TrySetException(reason);
    }

    private interface ISet
    {
        bool AddTo(NpgsqlBatch batch, List<Question> questions);

        Task Read(NpgsqlDataReader rows);

        void Answer();
    }

    /// <summary>The questions of one kind, and what the database has to say to them.</summary>
    private sealed class Set<TKey, TAnswer>(
        Kind kind, SqlLiteral columns, string from, Func<DbDataReader, TAnswer> read, Func<TAnswer, TKey> key) : ISet
        where TKey : notnull
        where TAnswer : class
    {
        private readonly List<Question<TKey, TAnswer>> _questions = [];
        private readonly Dictionary<TKey, TAnswer> _answers = [];

        public bool AddTo(NpgsqlBatch batch, List<Question> questions)
        {
            foreach (var question in questions)
            {
                if (question.Kind == kind)
                {
                    _questions.Add((Question<TKey, TAnswer>)question);
                }
            }

            if (_questions.Count == 0)
            {
                return false;
            }

            var command = new NpgsqlBatchCommand($"SELECT {columns} FROM {from} = ANY($1)");
            command.Parameters.Add(new NpgsqlParameter<TKey[]> { TypedValue = [.. _questions.Select(question => question.Key)] });
            batch.BatchCommands.Add(command);
            return true;
        }

        public async Task Read(NpgsqlDataReader rows)
        {
            while (await rows.ReadAsync(CancellationToken.None))
            {
                var answer = read(rows);
                _answers[key(answer)] = answer;
            }
        }

        public void Answer() => _questions.ForEach(question => question.Answer(_answers.GetValueOrDefault(question.Key)));
    }
}

/// <summary>Which version of a merchant is the present one, and by which code it was asked for.</summary>
internal sealed record MerchantFound(string Code, MerchantVersion Merchant)
{
    public static readonly SqlLiteral Columns = new($"{MerchantVersion.Columns}, code");

    public static MerchantFound Read(DbDataReader row) => new(row.GetString(2), MerchantVersion.Read(row));
}
