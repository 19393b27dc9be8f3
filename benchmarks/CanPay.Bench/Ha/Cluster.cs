using System.Globalization;
using System.Text.Json;

namespace CanPay.Bench.Ha;

/// <summary>Three PostgreSQL servers under Patroni and etcd, each on a machine of its own.</summary>
internal sealed class Cluster : IDisposable
{
    public static readonly string[] Nodes = ["n1", "n2", "n3"];
    private static readonly Dictionary<string, string> NoSettings = [];

    private readonly Network _network;
    private readonly bool _isSynchronous;
    private readonly HttpClient _http;

    public Cluster(Network network, bool isSynchronous)
    {
        _network = network;
        _isSynchronous = isSynchronous;
        _http = new HttpClient(network.Http(Network.Client)) { Timeout = TimeSpan.FromSeconds(3) };
        foreach (var node in Nodes)
        {
            Directory.CreateDirectory(Path.Combine(network.Folder, node));
            Shell.Run("chown", "postgres", Path.Combine(network.Folder, node));
            File.WriteAllText(Settings(node), PatroniSettings(node));
        }

        foreach (var node in Nodes)
        {
            StartEtcd(node, isNew: true);
        }

        // The first node makes the cluster, the others copy it.
        StartPatroni("n1");
        Until("a first primary", async () => (await Members()).Any(member => member is { Role: "leader", IsRunning: true }), 90);
        StartPatroni("n2");
        StartPatroni("n3");
        UntilWhole(120);
    }

    public static string Hosts => string.Join(',', Nodes.Select(Network.Address));

    public string Leader => Members().Result.Single(member => member.Role == "leader").Name;

    /// <summary>Everything of a node that was killed.</summary>
    public void Restart(string node)
    {
        StartEtcd(node, isNew: false);
        StartPatroni(node);
    }

    public int Postmaster(string node) => int.Parse(
        File.ReadLines(Path.Combine(_network.Folder, node, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>All three nodes are there again, one of them as the synchronous standby.</summary>
    /// <returns>Whether it came about within the time.</returns>
    public bool TryUntilWhole(int seconds) => TryUntil(
        async () => await Members() is { Count: 3 } members
            && members.All(member => member.IsRunning)
            && members.Count(member => member.Role == "leader") == 1
            && members.Count(member => member.Role == "sync_standby") == (_isSynchronous ? 1 : 0),
        seconds);

    /// <summary>What the primary says to a query, a line for each row.</summary>
    public string[] Ask(string sql, string database = "canpay", string user = "postgres")
    {
        var (code, output, error) = _network.Try(
            Network.Client, "psql", $"host={Hosts} port=5432 user={user} dbname={database} target_session_attrs=read-write connect_timeout=3", "-qAtXc", sql);
        return code == 0
            ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"psql: {error.Trim()}");
    }

    public void Dispose() => _http.Dispose();

    private void UntilWhole(int seconds)
    {
        if (!TryUntilWhole(seconds))
        {
            throw new InvalidOperationException($"The cluster did not come about. Its words are in {_network.Folder}.");
        }
    }

    private static void Until(string what, Func<Task<bool>> condition, int seconds)
    {
        if (!TryUntil(condition, seconds))
        {
            throw new InvalidOperationException($"Waited {seconds} s for {what}.");
        }
    }

    private static bool TryUntil(Func<Task<bool>> condition, int seconds)
    {
        for (var i = 0; i < seconds * 4; i++)
        {
            if (condition().Result)
            {
                return true;
            }

            Thread.Sleep(250);
        }

        return false;
    }

    /// <summary>As any node that answers sees it.</summary>
    private async Task<List<Member>> Members()
    {
        foreach (var node in Nodes)
        {
            try
            {
                using var answer = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"http://{Network.Address(node)}:8008/cluster")));
                return
                [
                    .. answer.RootElement.GetProperty("members").EnumerateArray().Select(member => new Member(
                        member.GetProperty("name").GetString()!,
                        member.GetProperty("role").GetString()!,
                        member.GetProperty("state").GetString() is "running" or "streaming")),
                ];
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or IOException)
            {
                // Another may know.
            }
        }

        return [];
    }

    private void StartEtcd(string node, bool isNew)
    {
        var address = Network.Address(node);
        _network.Start(node, $"{node}/etcd", NoSettings,
            "etcd", "--name", node, "--data-dir", Path.Combine(_network.Folder, node, "etcd"), "--enable-v2=true",
            "--listen-peer-urls", $"http://{address}:2380", "--initial-advertise-peer-urls", $"http://{address}:2380",
            "--listen-client-urls", $"http://{address}:2379", "--advertise-client-urls", $"http://{address}:2379",
            "--initial-cluster", string.Join(',', Nodes.Select(other => $"{other}=http://{Network.Address(other)}:2380")),
            "--initial-cluster-state", isNew ? "new" : "existing", "--heartbeat-interval", "100", "--election-timeout", "1000");
    }

    private void StartPatroni(string node) => _network.Start(node, $"{node}/patroni", NoSettings,
        "runuser", "-u", "postgres", "--", "/usr/bin/python3", "/usr/bin/patroni", Settings(node));

    private string Settings(string node) => Path.Combine(_network.Folder, node, "patroni.yml");

    /// <summary>
    /// A lease of 10 s, looked at every 2 s, so that a trial is short; docs/operations.md has the values for production.
    /// Strict: without a synchronous standby nothing is acknowledged. The older interface of etcd, because Patroni before 3.0.3
    /// writes the leader's key over the newer one without comparing: a leader that comes back takes it from its successor, and
    /// what that had acknowledged is lost. This bench found it.
    /// </summary>
    private string PatroniSettings(string node)
    {
        var address = Network.Address(node);
        var folder = Path.Combine(_network.Folder, node);
        var strict = _isSynchronous ? "true" : "false";
        var etcd = string.Join(", ", Nodes.Select(other => $"\"{Network.Address(other)}:2379\""));
        return $$"""
            scope: canpay
            name: {{node}}
            restapi: {listen: "{{address}}:8008", connect_address: "{{address}}:8008"}
            etcd: {hosts: [{{etcd}}]}
            bootstrap:
              dcs:
                ttl: 10
                loop_wait: 2
                retry_timeout: 3
                maximum_lag_on_failover: {{(_isSynchronous ? "0" : "1073741824")}}
                synchronous_mode: {{strict}}
                synchronous_mode_strict: {{strict}}
                synchronous_node_count: 1
                primary_start_timeout: 300
                postgresql:
                  use_pg_rewind: true
                  use_slots: true
                  parameters:
                    max_connections: 100
                    shared_buffers: 64MB
                    synchronous_commit: "on"
                    wal_log_hints: "on"
                    wal_keep_size: 256MB
                    max_wal_senders: 8
                    wal_receiver_status_interval: 1s
                    wal_retrieve_retry_interval: 500ms
                    wal_sender_timeout: 5s
                    wal_receiver_timeout: 5s
                    tcp_user_timeout: 5000
              initdb: [{encoding: UTF8}, data-checksums, {locale: C.UTF-8}]
              pg_hba:
                - local all all trust
                - host all all 10.77.0.0/24 trust
                - host replication replicator 10.77.0.0/24 trust
            postgresql:
              listen: "{{address}}:5432"
              connect_address: "{{address}}:5432"
              data_dir: {{folder}}/data
              bin_dir: /usr/lib/postgresql/15/bin
              pgpass: {{folder}}/pgpass
              authentication:
                superuser: {username: postgres, password: bench}
                replication: {username: replicator, password: bench}
                rewind: {username: postgres, password: bench}
              parameters: {unix_socket_directories: "{{folder}}"}
            watchdog: {mode: "off"}
            """;
    }

    private sealed record Member(string Name, string Role, bool IsRunning);
}
