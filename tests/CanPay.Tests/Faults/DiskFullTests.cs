namespace CanPay.Tests.Faults;

/// <summary>The disk of the books is full for a while.</summary>
public sealed class DiskFullTests
{
    private const int Payers = 4;

    [Fact]
    public async Task A_full_disk_of_the_database_server_acknowledges_nothing_and_loses_nothing()
    {
        using var disk = new SmallDisk(200);
        using var server = new PostgresServer(Directory.CreateDirectory(Path.Combine(disk.Folder, "server")).FullName, ["max_wal_size = 32MB"]);
        var database = server.ConnectionString(server.NewDatabase(migrated: false));
        await using var installation = new Installation(database);

        await FillInTheMidstOfWork(
            installation,
            disk,
            repair: () =>
            {
                // Where even its log found no space the server has given up, and somebody starts it again.
                if (!server.IsRunning)
                {
                    server.Start();
                }
            },
            books: () => database);
    }

    [Fact]
    public async Task A_full_disk_of_the_embedded_database_acknowledges_nothing_and_loses_nothing()
    {
        using var disk = new SmallDisk(24);
        await using var installation = new Installation(postgres: null, ("CANPAY_DATA", Path.Combine(disk.Inside, "data"))) { Entrance = disk.Entrance };

        await FillInTheMidstOfWork(
            installation,
            disk,
            repair: () => { },
            books: () =>
            {
                foreach (var file in Directory.GetFiles(Path.Combine(disk.Folder, "data"), "canpay.db*"))
                {
                    File.Copy(file, Path.Combine(installation.Folder, Path.GetFileName(file)));
                }

                return $"Data Source={installation.Folder}/canpay.db";
            });
    }

    private static async Task FillInTheMidstOfWork(Installation installation, SmallDisk disk, Action repair, Func<string> books)
    {
        installation.StartSimulator();
        installation.StartGateway();
        await installation.Ready();
        var load = new PaymentLoad(installation.Http);
        using var stop = new CancellationTokenSource();
        var work = load.Run(Payers, stop.Token);
        await Wait.Until("payments come through", () => load.Verified.Count > 10);

        disk.Fill();
        var refused = load.TryAgain;
        await Wait.Until("callers are told to come again", () => load.TryAgain > refused + Payers);

        disk.Empty();
        repair();
        var before = load.Verified.Count;
        await Wait.Until("payments come through again", () => load.Verified.Count > before + 10);
        await stop.CancelAsync();
        await work;

        await installation.Quiet();
        Assert.Empty(await load.Lost(books()));
        Assert.Empty(load.WrongAnswers);
        await installation.AssertHealthy();
    }
}
