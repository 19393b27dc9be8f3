using System.ComponentModel.DataAnnotations;

namespace CanPay.Gateway;

/// <summary>Section <c>Payments</c>: the clocks and limits of a payment.</summary>
public sealed class PaymentOptions
{
    public const string Section = "Payments";

    /// <summary>Seconds from the token's issue until nobody may begin to pay.</summary>
    /// <value>Default 900.</value>
    [Range(1, 86_400)]
    public int PageLifetimeSeconds { get; set; } = 900;

    /// <summary>Seconds from the approval in which the merchant verifies, or the money goes back.</summary>
    /// <value>Default 900, as the merchants' guide promises.</value>
    [Range(1, 86_400)]
    public int VerifyWindowSeconds { get; set; } = 900;

    /// <summary>Declined cards after which the payment has failed.</summary>
    /// <value>Default 5.</value>
    [Range(1, 100)]
    public int MaxDeclines { get; set; } = 5;

    /// <summary>Smallest amount of a merchant that has no limit of its own, in rials.</summary>
    /// <value>Default 1,000.</value>
    [Range(1, long.MaxValue)]
    public long MinAmountRials { get; set; } = 1_000;

    /// <summary>Largest amount of a merchant that has no limit of its own, in rials. Field 4 carries twelve digits.</summary>
    /// <value>Default 2,000,000,000.</value>
    [Range(1, 999_999_999_999)]
    public long MaxAmountRials { get; set; } = 2_000_000_000;

    /// <summary>Days for which an answer is kept under its <c>Idempotency-Key</c>.</summary>
    /// <value>Default 7.</value>
    [Range(1, 3_650)]
    public int AnswerRetentionDays { get; set; } = 7;
}

/// <summary>Section <c>Acquiring</c>: the line to the card network.</summary>
public sealed class AcquiringOptions
{
    public const string Section = "Acquiring";

    /// <summary>Host of the switch.</summary>
    /// <value>Default 127.0.0.1, where the simulator listens.</value>
    [Required]
    public string SwitchHost { get; set; } = "127.0.0.1";

    /// <summary>TCP port of the switch.</summary>
    /// <value>Default 5083.</value>
    [Range(1, 65_535)]
    public int SwitchPort { get; set; } = 5083;

    /// <summary>Seconds to wait for an answer; after them the outcome is unknown and the money is asked back.</summary>
    /// <value>Default 30.</value>
    [Range(1, 300)]
    public int AnswerTimeoutSeconds { get; set; } = 30;

    /// <summary>Seconds to wait for the answer to a request for a dynamic PIN; nothing depends on it but the journal.</summary>
    /// <value>Default 10.</value>
    [Range(1, 60)]
    public int PinRequestTimeoutSeconds { get; set; } = 10;

    /// <summary>Seconds after the time-out until a purchase whose node died is taken for unknown by another.</summary>
    /// <value>Default 10.</value>
    [Range(1, 600)]
    public int ResolveGraceSeconds { get; set; } = 10;

    /// <summary>Seconds without traffic after which the line is tested by an echo.</summary>
    /// <value>Default 30.</value>
    [Range(1, 3_600)]
    public int EchoSeconds { get; set; } = 30;

    /// <summary>Requests under way at once; more are refused before they are sent.</summary>
    /// <value>Default 1,000.</value>
    [Range(1, 100_000)]
    public int MaxInFlight { get; set; } = 1_000;

    /// <summary>Our institution's identification code (field 32), up to 11 digits.</summary>
    [RegularExpression("^[0-9]{6,11}$", ErrorMessage = "Acquiring:AcquirerId takes 6 to 11 digits.")]
    public string AcquirerId { get; set; } = "581672000";

    /// <summary>
    /// Seconds after a purchase was sent during which "original not found" is not believed: the purchase may still be on
    /// its way, and a reversal that overtook it would be forgotten.
    /// </summary>
    /// <value>Default 300.</value>
    [Range(0, 86_400)]
    public int QuarantineSeconds { get; set; } = 300;
}

/// <summary>Section <c>Http</c>: where we listen and what we are called.</summary>
public sealed class HttpOptions
{
    public const string Section = "Http";

    /// <summary>Addresses to listen on, separated by semicolons.</summary>
    /// <value>Default http://127.0.0.1:5080.</value>
    [Required]
    public string Urls { get; set; } = "http://127.0.0.1:5080";

    /// <summary>What payers and merchants see before <c>/ipg/…</c> and <c>/api/ipg/…</c>, without a slash at the end.</summary>
    /// <value>Default: the first of <see cref="Urls"/>.</value>
    public string? PublicUrl { get; set; }

    /// <summary>Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses and CIDR blocks, separated by commas.</summary>
    /// <value>Default: none.</value>
    public string TrustedProxies { get; set; } = "";

    /// <summary>
    /// Seconds for which a node that is told to stop (SIGTERM) says "not ready" and goes on serving, so that a load balancer
    /// has turned away from it before it stops to listen. A second SIGTERM, or SIGINT, ends the wait.
    /// </summary>
    /// <value>Default 5; in the sandbox 0, where nobody balances and somebody waits at a keyboard.</value>
    [Range(0, 300)]
    public int? DrainSeconds { get; set; }

    /// <summary>Requests a second that one merchant may make for long.</summary>
    /// <value>Default 300.</value>
    [Range(1, 1_000_000)]
    public int MerchantRequestsPerSecond { get; set; } = 300;

    /// <summary>Requests that one merchant may make at once on top of it.</summary>
    /// <value>Default 2,000.</value>
    [Range(1, 1_000_000)]
    public int MerchantBurst { get; set; } = 2_000;

    /// <summary>Requests a second that one address may make for long.</summary>
    /// <value>Default 300.</value>
    [Range(1, 1_000_000)]
    public int AddressRequestsPerSecond { get; set; } = 300;

    /// <summary>Requests that one address may make at once on top of it.</summary>
    /// <value>Default 2,000.</value>
    [Range(1, 1_000_000)]
    public int AddressBurst { get; set; } = 2_000;

    /// <summary>
    /// Refusals "who are you" and "no such token" a minute that one address is given; beyond them it hears only "too
    /// many requests". Lawful requests of the same address are not touched.
    /// </summary>
    /// <value>Default 120.</value>
    [Range(1, 1_000_000)]
    public int AddressRefusalsPerMinute { get; set; } = 120;
}

/// <summary>Section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    public const int DefaultAnswerTimeoutSeconds = 10;

    /// <summary>Folder of the database and the keys.</summary>
    /// <value>Default: the environment variable CANPAY_DATA, else <c>./data</c>.</value>
    public string? DataFolder { get; set; }

    /// <summary>
    /// Connection string of a PostgreSQL database; several hosts are tried for the primary. Set, everything is kept there and
    /// not in the embedded database. Example: <c>Host=db1,db2;Database=canpay;Username=canpay;Password=…</c>
    /// </summary>
    /// <value>Default: none, the embedded SQLite.</value>
    public string? Postgres { get; set; }

    /// <summary>
    /// Connection string of the role that owns the tables, for changes of the schema only; the role of
    /// <see cref="Postgres"/> is then given no more than it needs.
    /// </summary>
    /// <value>Default: none; the role of <see cref="Postgres"/> must own the tables.</value>
    public string? PostgresOwner { get; set; }

    /// <summary>
    /// Name of a role that may read the books for reports, and nothing else: no sealed cards, no keys, no stored answers. It
    /// must exist; the owner gives it its rights at every start.
    /// </summary>
    /// <value>Default: none.</value>
    public string? PostgresReader { get; set; }

    /// <summary>Connections of this node that write payments, each a transaction at a time. PostgreSQL only.</summary>
    /// <value>Default 1: the fewer, the more go together. Measured, a second costs the server a sixth more CPU a payment.</value>
    [Range(1, 64)]
    public int Writers { get; set; } = 1;

    /// <summary>Connections of this node that read payments. PostgreSQL only.</summary>
    /// <value>Default 1, for the same reason.</value>
    [Range(1, 64)]
    public int Readers { get; set; } = 1;

    /// <summary>Writes that one transaction takes together at the most.</summary>
    /// <value>Default 512.</value>
    [Range(1, 100_000)]
    public int MaxBatch { get; set; } = 512;

    /// <summary>Writes that may wait, and reads that may wait; more are refused with 503 at once.</summary>
    /// <value>Default 20,000.</value>
    [Range(1, 1_000_000)]
    public int MaxQueue { get; set; } = 20_000;

    /// <summary>
    /// Seconds to wait for the database, which may itself wait for its standby; after them the outcome is unknown and the
    /// caller is told to try again. Stands in for the connection string's Command Timeout. PostgreSQL only.
    /// </summary>
    /// <value>Default 10.</value>
    [Range(1, 300)]
    public int AnswerTimeoutSeconds { get; set; } = DefaultAnswerTimeoutSeconds;
}

/// <summary>Section <c>Jobs</c>: the loop that looks after payments.</summary>
public sealed class JobOptions
{
    public const string Section = "Jobs";

    /// <summary>Milliseconds between two looks for due payments.</summary>
    /// <value>Default 500.</value>
    [Range(10, 60_000)]
    public int PollMs { get; set; } = 500;

    /// <summary>Seconds that a worker has a payment for itself.</summary>
    /// <value>Default 90; longer than the answer time-out.</value>
    [Range(1, 3_600)]
    public int LeaseSeconds { get; set; } = 90;

    /// <summary>Seconds without a round after which the loop counts as hanging, and the node as not ready.</summary>
    /// <value>Default 30.</value>
    [Range(1, 3_600)]
    public int StaleSeconds { get; set; } = 30;

    /// <summary>Payments looked after at once.</summary>
    /// <value>Default 64.</value>
    [Range(1, 10_000)]
    public int MaxAtOnce { get; set; } = 64;

    /// <summary>Seconds before a reversal advice is repeated for the first time; doubled each time.</summary>
    /// <value>Default 2.</value>
    [Range(1, 3_600)]
    public int RetrySeconds { get; set; } = 2;

    /// <summary>Seconds between two repetitions at the most.</summary>
    /// <value>Default 30.</value>
    [Range(1, 86_400)]
    public int MaxRetrySeconds { get; set; } = 30;

    /// <summary>Tries after which work that the network refuses is parked for an operator.</summary>
    /// <value>Default 10. Silence of the network never parks: it is asked for ever.</value>
    [Range(1, 10_000)]
    public int MaxRefusals { get; set; } = 10;
}

/// <summary>Section <c>Sandbox</c>.</summary>
public sealed class SandboxOptions
{
    public const string Section = "Sandbox";

    /// <summary>Numbers of the sandbox's cards, which everybody knows: trying them out is what they are for.</summary>
    public static IReadOnlySet<string> TestCards { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "5022290000087122", "6037990000000006", "6104330000040009", "6274120000040008", "5894630000070005",
        "6219860000070004", "6396070000090003", "6273530000010002", "6037690000050007", "6277600000090001",
    };

    /// <summary>Demo merchant, software keys that everybody knows, plain http callbacks.</summary>
    /// <value>Default true, with a warning at start. Set it to false where money is real.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Host of the test switch (a CanPay.Simulator): there, and nowhere else, go the purchases of test merchants.</summary>
    /// <value>Default: none; then the sandbox asks its one switch, and elsewhere test merchants cannot take cards.</value>
    public string? SwitchHost { get; set; }

    /// <summary>TCP port of the test switch.</summary>
    /// <value>Default 5083.</value>
    [Range(1, 65_535)]
    public int SwitchPort { get; set; } = 5083;

    /// <summary>Calls of the API that are kept to be looked at, a second and node: of test merchants, and in the sandbox of all.</summary>
    /// <value>Default 20.</value>
    [Range(0, 10_000)]
    public int CallsKeptPerSecond { get; set; } = 20;

    /// <summary>Days for which they are kept.</summary>
    /// <value>Default 3.</value>
    [Range(1, 365)]
    public int CallsKeptDays { get; set; } = 3;
}
