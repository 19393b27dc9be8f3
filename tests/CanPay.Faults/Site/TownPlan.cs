using CanPay.Gateway.Storage;

namespace CanPay.Faults.Site;

/// <summary>What stands in a town.</summary>
internal sealed record TownPlan(EngineKind Engine)
{
    public int Nodes { get; init; } = 1;

    public int Payers { get; init; } = 3;

    /// <summary>The lines from the gateway to the switch and to the database can be disturbed.</summary>
    public bool HasProxies { get; init; }

    /// <summary>The folder that keeps the books is on this disk; none: where everything else is.</summary>
    public string? Disk { get; init; }

    /// <summary>Lines of postgresql.conf.</summary>
    public IReadOnlyList<string> Postgres { get; init; } = [];

    /// <summary>Of the gateway's processes, as <c>Section__Key</c> or another variable of the environment.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>A control: what was acknowledged need not be on disk.</summary>
    public bool IsCareless { get; init; }

    /// <summary>A PostgreSQL database has its tables before the gateway is started.</summary>
    public bool IsMigrated { get; init; }

    /// <summary>A crash point for the first start, before there is any table.</summary>
    public string? FirstStartDiesAt { get; init; }
}
