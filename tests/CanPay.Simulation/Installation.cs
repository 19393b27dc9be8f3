using CanPay.Gateway;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Sqlite;
using CanPay.Gateway.Webhooks;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Simulation;

/// <summary>What all seeds have in common: keys, merchants, and empty books to copy.</summary>
internal sealed class Installation : IDisposable
{
    private readonly string _folder;
    private readonly Keks _keks;

    private Installation(string folder)
    {
        _folder = folder;
        var options = new StorageOptions { DataFolder = folder };
        _keks = Keks.Open(new KeyOptions(), DataFolder.Open(options), mayMake: true);
        Vault = new CardVault(new KeysInMemory(), _keks, DataFolder.Open(options), TimeProvider.System);
    }

    public SoftwareHsm Hsm { get; } = new(new SandboxOptions());

    public CardVault Vault { get; }

    public SealedSecrets Secrets { get; } = new(new EphemeralDataProtectionProvider());

    public IReadOnlyList<Merchant> Merchants { get; private set; } = [];

    /// <summary>The schema of new books, for the doctor.</summary>
    public IReadOnlyList<string> Schema { get; private set; } = [];

    /// <summary>Books of the seed that is played now.</summary>
    public string BooksFile => Path.Combine(_folder, "books.db");

    private string EmptyFile => Path.Combine(_folder, "empty.db");

    public static async Task<Installation> Make()
    {
        // In memory where the machine has such a folder: nothing here is to outlive the process.
        var root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var folder = Path.Combine(root, $"canpay-simulation-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        var made = new Installation(folder);
        await made.Vault.Load(CancellationToken.None);
        await made.MakeEmptyBooks();
        made.Schema = await new SqliteEngine(made.EmptyFile).FreshSchema(CancellationToken.None);
        return made;
    }

    /// <returns>The file.</returns>
    public string NewBooks()
    {
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(BooksFile + suffix);
        }

        File.Copy(EmptyFile, BooksFile);
        return BooksFile;
    }

    public CanPayContext OpenBooks() => new(Options(BooksFile));

    public void Dispose()
    {
        Vault.Dispose();
        _keks.Dispose();
        Hsm.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static DbContextOptions<CanPayContext> Options(string file) => new DbContextOptionsBuilder<CanPayContext>()
        .UseSqlite(SqliteDatabase.ConnectionString(file)).UseSnakeCaseNamingConvention().Options;

    private async Task MakeEmptyBooks()
    {
        SqliteDatabase.Prepare(EmptyFile);
        await using (var context = new CanPayContext(Options(EmptyFile)))
        {
            foreach (var (code, refunds) in ((string, string)[])[("card-refunds", "Card"), ("bank-refunds", "Bank"), ("no-refunds", "Off")])
            {
                var row = SomeMerchant.Row(code);
                row.RefundMethod = refunds;
                context.Add(row);
            }

            await context.SaveChangesAsync();
        }

        using (var session = new SqliteSession(EmptyFile))
        {
            session.Execute(
                $"""
                INSERT INTO webhook_endpoints (key, merchant_id, url, events, status, active_since_ms, sealed_secret, created_at_ms)
                VALUES ({"whe_" + new string('0', 26)}, 1, {"http://localhost/events"}, {"*"}, {"Active"}, 0, {Secrets.Seal(WebhookSecret.New())}, 0)
                """);
        }

        using var store = new SqliteStore(EmptyFile, new StorageOptions(), TimeProvider.System);
        Merchants =
        [
            (await store.FindMerchant("card-refunds", CancellationToken.None))!,
            (await store.FindMerchant("bank-refunds", CancellationToken.None))!,
            (await store.FindMerchant("no-refunds", CancellationToken.None))!,
        ];
    }

    /// <summary>The card keys of this process: no seed needs those of another.</summary>
    private sealed class KeysInMemory : ICardKeyStore
    {
        private IReadOnlyList<CardKey> _keys = [];

        public Task<IReadOnlyList<CardKey>> All(CancellationToken ct) => Task.FromResult(_keys);

        public Task<bool> TryAddFirst(IReadOnlyList<CardKey> keys, CancellationToken ct)
        {
            _keys = keys;
            return Task.FromResult(true);
        }

        public Task<string?> FindMark(CancellationToken ct) => Task.FromResult<string?>(null);
    }
}
