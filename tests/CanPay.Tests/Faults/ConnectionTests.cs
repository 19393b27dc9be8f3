using CanPay.Gateway;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Postgres;
using CanPay.Tests.Payments;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Tests.Faults;

/// <summary>A connection that leads to no primary any more is not used again.</summary>
public sealed class ConnectionTests
{
    /// <summary>Behind a balancer that leaves old connections alone: nothing breaks them, only the answers say it.</summary>
    [Fact]
    public async Task After_one_refusal_by_a_server_that_only_reads_everything_goes_to_the_new_primary()
    {
        using var old = new PostgresServer();
        var name = old.NewDatabase();
        using var present = old.NewStandby();
        await old.DemandStandby();
        await using var balancer = new TcpProxy(old.Port);
        await using var database = new PostgresDatabase(
            $"Host=127.0.0.1;Port={balancer.Port};Username=postgres;Database={name}", answerTimeoutSeconds: 30);
        await using var store = new PostgresStore(database, new StorageOptions { Writers = 1, Readers = 1 });
        await using var books = new CanPayContext(new DbContextOptionsBuilder<CanPayContext>()
            .UseNpgsql(database.Source).AddInterceptors(new FailureReporter(database)).UseSnakeCaseNamingConvention().Options);
        await store.Beat("loop", "old", SomePayment.Start, CancellationToken.None);
        Assert.Empty(await books.Merchants.ToListAsync());
        Assert.Null(await store.FindMerchant("111-222-333-444", CancellationToken.None));

        old.Set("synchronous_standby_names", "");
        old.Set("default_transaction_read_only", "on");
        present.Promote();
        await Sql.Execute(present.ConnectionString(name), SomeShop);
        balancer.Target = present.Port;
        await Wait.Until("the old primary only reads", async () =>
            (await Sql.Texts(old.ConnectionString(name), "SHOW default_transaction_read_only"))[0] == "on");

        var refusals = 0;
        await Wait.Until("a write is taken", async () =>
        {
            try
            {
                return await store.Create(SomeToken(), CancellationToken.None) is CreateResult.Created;
            }
            catch (StoreUnavailableException)
            {
                refusals++;
                return false;
            }
        });

        Assert.Equal(1, refusals);
        Assert.NotNull(await store.FindMerchant("111-222-333-444", CancellationToken.None));
        await store.Beat("loop", "present", SomePayment.Start, CancellationToken.None);
        Assert.Single(await books.Merchants.ToListAsync());
    }

    [Fact]
    public async Task What_ef_core_is_refused_the_hot_path_learns_from()
    {
        var name = PostgresServer.Instance.NewDatabase();
        await using var database = new PostgresDatabase(PostgresServer.Instance.ConnectionString(name));
        await using var books = new CanPayContext(new DbContextOptionsBuilder<CanPayContext>()
            .UseNpgsql(database.Source).AddInterceptors(new FailureReporter(database)).UseSnakeCaseNamingConvention().Options);
        books.KeyMarks.Add(new KeyMarkRow { Name = "a", Mark = "b" });
        await Sql.Execute(PostgresServer.Instance.ConnectionString(name), $"ALTER DATABASE {name} SET default_transaction_read_only = on");
        await Assert.ThrowsAsync<DbUpdateException>(() => books.SaveChangesAsync());

        await using (var operators = await Sql.Open(PostgresServer.Instance.ConnectionString(name)))
        {
            PostgresServer.Execute(operators, "SET default_transaction_read_only = off");
            PostgresServer.Execute(operators, $"ALTER DATABASE {name} RESET default_transaction_read_only");
        }

        Assert.Equal(1, await books.SaveChangesAsync());
    }

    [Theory]
    [InlineData("25006", true)]
    [InlineData("57P01", true)]
    [InlineData("57P02", true)]
    [InlineData("57P03", true)]
    [InlineData("08006", true)]
    [InlineData("23505", false)]
    [InlineData("40001", false)]
    [InlineData("53100", false)]
    [InlineData("57014", false)]
    public void What_an_answer_says_of_the_connection(string state, bool isOfNoUse) =>
        Assert.Equal(isOfNoUse, PostgresDatabase.IsOfNoUse(new Npgsql.PostgresException("", "ERROR", "ERROR", state)));

    private const string SomeShop =
        """
        INSERT INTO merchants (id, code, name, status, addresses, domains, min_amount_rials, max_amount_rials,
            referrer_policy, callback_method, allow_http_callback, terminal_id, acceptor_id, category_code, created_at_ms, version)
        VALUES (1, '111-222-333-444', 'Shop', 'Active', '127.0.0.0/8', 'site.com', 1000, 2000000000, 'Explain', 'Post', FALSE,
            '00000001', '000000000000001', '5999', 0, 1)
        """;

    private static NewPayment SomeToken() => new(
        new(1), PaymentToken.New(DateTimeOffset.UnixEpoch), "47", new(10_000), new Uri("https://site.com/verify"), null,
        SomePayment.Start, SomePayment.Start.AddMinutes(15));
}
