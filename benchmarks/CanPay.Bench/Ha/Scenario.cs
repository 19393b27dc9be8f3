namespace CanPay.Bench.Ha;

/// <summary>Something that happens to the leader under payment load, and is over after a while.</summary>
/// <param name="Name">For programs.</param>
/// <param name="Title">For people.</param>
/// <param name="Strike">What happens to the node that leads.</param>
/// <param name="Heal">What makes it well again.</param>
/// <param name="IsSynchronous">Whether a standby must have a write before it is acknowledged.</param>
internal sealed record Scenario(
    string Name, string Title, Action<Network, Cluster, string> Strike, Action<Network, Cluster, string> Heal, bool IsSynchronous = true)
{
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;

    public static Scenario[] All { get; } =
    [
        new("node_killed", "kill -9 of the leader's whole node",
            (network, _, leader) => network.Signal(leader, Kill), (_, cluster, leader) => cluster.Restart(leader)),
        new("postmaster_killed", "kill -9 of the leader's PostgreSQL only",
            (_, cluster, leader) => Network.Signal(cluster.Postmaster(leader), Kill), (_, _, _) => { }),
        new("node_stopped", "SIGSTOP of the leader's node beyond its lease, then SIGCONT",
            (network, _, leader) => network.Signal(leader, Stop), (network, _, leader) => network.Signal(leader, Continue)),
        new("cut_off", "the leader's cable is pulled", (network, _, leader) => network.SetCable(leader, isIn: false), Reconnect),
        new("asymmetric", "clients reach the leader, the leader reaches no peer", (network, _, leader) => network.CutFromPeers(leader), Reconnect),
        new("control", "CONTROL: the same, asynchronous; must lose", (network, _, leader) => network.CutFromPeers(leader), Reconnect, IsSynchronous: false),
    ];

    public static Scenario[] Quick { get; } = [All[0], All[^1]];

    private static void Reconnect(Network network, Cluster cluster, string leader) => network.Heal(leader);
}
