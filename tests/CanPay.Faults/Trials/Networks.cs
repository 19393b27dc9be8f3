using CanPay.Faults.Site;
using CanPay.Gateway.Storage;

namespace CanPay.Faults.Trials;

/// <summary>The lines from the gateway to the switch and to the database fail in every way in which a line can.</summary>
internal static class Networks
{
    public const string Part = "network";

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    public static IEnumerable<Lane> Lanes()
    {
        yield return new("network-switch", Part, Open, [.. Faults(town => town.Switch!)]);
        yield return new("network-database", Part, Open, [.. Faults(town => town.Database!)]);
    }

    private static Task<Stage> Open() => Stage.Open(new TownPlan(EngineKind.Postgres)
    {
        HasProxies = true,
        Settings = new Dictionary<string, string> { ["Acquiring__AnswerTimeoutSeconds"] = "3", ["Jobs__LeaseSeconds"] = "5" },
    });

    private static IEnumerable<Trial> Faults(Func<Town, TcpProxy> line)
    {
        yield return Fault("reset, again and again", async proxy =>
        {
            for (var i = 0; i < 5; i++)
            {
                proxy.Cut();
                await Task.Delay(Random.Shared.Next(600));
            }
        });
        yield return Fault("connections refused", async proxy =>
        {
            proxy.IsRefusing = true;
            proxy.Cut();
            await Task.Delay(Short);
        });
        yield return Fault("30 % lost", async proxy =>
        {
            proxy.LossPercent = 30;
            await Task.Delay(Long);
        });
        yield return Fault("1 s late", async proxy =>
        {
            proxy.Delay = TimeSpan.FromSeconds(1);
            await Task.Delay(Long);
        });
        yield return Fault("half open: swallows everything", proxy => Stall(proxy, toTarget: true, toClient: true));
        yield return Fault("requests are lost", proxy => Stall(proxy, toTarget: true, toClient: false));
        yield return Fault("answers are lost", proxy => Stall(proxy, toTarget: false, toClient: true));

        Trial Fault(string name, Func<TcpProxy, Task> happen) => new(name, Blow.Fault, Quick: 1, Long: 10, async stage =>
        {
            var proxy = line(stage.Town);
            try
            {
                await happen(proxy);
            }
            finally
            {
                proxy.Flow();
            }
        });
    }

    /// <summary>What was held back comes after all in one case, for less than the quarantine; in the other it is lost with its connection.</summary>
    private static async Task Stall(TcpProxy proxy, bool toTarget, bool toClient)
    {
        proxy.Stall(toTarget, toClient);
        await Task.Delay(Short);
        if (Random.Shared.Next(2) == 0)
        {
            proxy.Cut();
        }
    }
}
