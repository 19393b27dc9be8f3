using CanPay.Gateway;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace CanPay.Tests.Acquiring;

/// <summary>Empty books of an engine and data folders of nodes, for card vaults without a gateway around them.</summary>
internal sealed class VaultBooks : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("canpay-vault-").FullName;
    private int _nodes;

    public VaultBooks(EngineKind engine = EngineKind.Sqlite)
    {
        var options = new DbContextOptionsBuilder<CanPayContext>();
        if (engine is EngineKind.Postgres)
        {
            options.UseNpgsql(PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewDatabase()));
        }
        else
        {
            var file = Path.Combine(_folder, "canpay.db");
            SqliteDatabase.Prepare(file);
            options.UseSqlite(SqliteDatabase.ConnectionString(file));
        }

        Contexts = new PooledDbContextFactory<CanPayContext>(options.UseSnakeCaseNamingConvention().Options);
    }

    public IDbContextFactory<CanPayContext> Contexts { get; }

    public ICardKeyStore Store => new CardKeyStore(Contexts);

    /// <summary>The data folder of one more node, without any keys.</summary>
    public DataFolder NewFolder() => DataFolder.Open(new StorageOptions { DataFolder = Path.Combine(_folder, $"node-{_nodes++}") });

    /// <summary>A vault of a node that has started.</summary>
    public async Task<CardVault> Start(DataFolder folder, bool mayMake = true, KeyOptions? options = null)
    {
        var vault = new CardVault(Store, Keks.Open(options ?? new KeyOptions(), folder, mayMake), folder, TimeProvider.System);
        await vault.Load(CancellationToken.None);
        return vault;
    }

    /// <summary>The first column of what the books say.</summary>
    public async Task<List<string>> Ask(string sql)
    {
        await using var books = await Contexts.CreateDbContextAsync();
        await books.Database.OpenConnectionAsync();
        return await StorageEngine.Texts(books.Database.GetDbConnection(), sql, CancellationToken.None);
    }

    public async Task Execute(FormattableString sql)
    {
        await using var books = await Contexts.CreateDbContextAsync();
        await books.Database.ExecuteSqlAsync(sql);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
