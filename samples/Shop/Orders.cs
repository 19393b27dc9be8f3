using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace CanPay.Samples.Shop;

/// <summary>Where an order stands. Stored and shown by name.</summary>
internal enum OrderStatus
{
    /// <summary>The payer was, or is about to be, sent to the gateway.</summary>
    Pending,

    /// <summary>The payer came back paid, or never came back: the gateway is being asked.</summary>
    Checking,

    /// <summary>Verified, once; to be delivered, once.</summary>
    Paid,
    Cancelled,
    Failed,
}

/// <param name="Number">What the gateway calls invoice_id.</param>
/// <param name="Key">In addresses: unguessable.</param>
/// <param name="Owner">The browser that ordered.</param>
internal sealed record Order(
    long Number, string Key, string Owner, string ProductId, long AmountRials, OrderStatus Status, string? Token, string? Card,
    string? Reference, DateTimeOffset CreatedAt, DateTimeOffset? PaidAt);

/// <summary>The shop's orders. Each change is guarded by the status that it begins from, so that nothing is delivered twice.</summary>
internal sealed class Orders(string folder, TimeProvider clock)
{
    private const string Columns =
        "number, key, owner, product_id, amount_rials, status, token, card, reference, created_at_ms, paid_at_ms";

    private readonly string _connection = new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(Directory.CreateDirectory(folder).FullName, "shop.db"),
    }.ToString();

    public void Prepare() => Execute(
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS orders (
            number        INTEGER PRIMARY KEY AUTOINCREMENT,
            key           TEXT    NOT NULL UNIQUE,
            owner         TEXT    NOT NULL,
            product_id    TEXT    NOT NULL,
            amount_rials  INTEGER NOT NULL CHECK (amount_rials > 0),
            status        TEXT    NOT NULL,
            token         TEXT    UNIQUE,
            card          TEXT,
            reference     TEXT    UNIQUE,
            created_at_ms INTEGER NOT NULL,
            paid_at_ms    INTEGER,
            CHECK ((status = 'Paid') = (reference IS NOT NULL))
        ) STRICT;
        """);

    public Order Create(string owner, Product product)
    {
        var key = RandomNumberGenerator.GetHexString(24, lowercase: true);
        Execute(
            "INSERT INTO orders (key, owner, product_id, amount_rials, status, created_at_ms) VALUES ($key, $owner, $product, $amount, 'Pending', $now)",
            ("$key", key), ("$owner", owner), ("$product", product.Id), ("$amount", product.PriceRials), ("$now", Now()));
        return Find("key = $key", ("$key", key)).Single();
    }

    public Order? ByKey(string key) => Find("key = $key", ("$key", key)).SingleOrDefault();

    public Order? ByNumber(string number) => Find("number = $number", ("$number", number)).SingleOrDefault();

    public IReadOnlyList<Order> Of(string owner) => Find("owner = $owner ORDER BY number DESC LIMIT 50", ("$owner", owner));

    /// <summary>Orders whose end is not known and that were not touched for a while.</summary>
    public IReadOnlyList<Order> Open(DateTimeOffset before) => Find(
        "token IS NOT NULL AND (status = 'Checking' OR (status = 'Pending' AND created_at_ms < $before)) LIMIT 100",
        ("$before", before.ToUnixTimeMilliseconds()));

    public void KeepToken(Order order, string token) => Execute(
        "UPDATE orders SET token = $token WHERE number = $number AND token IS NULL", ("$token", token), ("$number", order.Number));

    /// <summary>Paid, if it was not already: only who hears true delivers.</summary>
    public bool MarkPaid(Order order, string card, string reference) => Execute(
        """
        UPDATE orders SET status = 'Paid', card = $card, reference = $reference, paid_at_ms = $now
        WHERE number = $number AND status <> 'Paid'
        """,
        ("$card", card), ("$reference", reference), ("$now", Now()), ("$number", order.Number)) == 1;

    public void Move(Order order, OrderStatus to) => Execute(
        "UPDATE orders SET status = $to WHERE number = $number AND status IN ('Pending', 'Checking')",
        ("$to", to.ToString()), ("$number", order.Number));

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private List<Order> Find(string condition, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var connection = new SqliteConnection(_connection);
        connection.Open();
        using var command = Command(connection, $"SELECT {Columns} FROM orders WHERE {condition}", values);
        using var row = command.ExecuteReader();
        var orders = new List<Order>();
        while (row.Read())
        {
            orders.Add(new Order(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4),
                Enum.Parse<OrderStatus>(row.GetString(5)), Text(6), Text(7), Text(8),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
                row.IsDBNull(10) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10))));
        }

        return orders;

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    private int Execute(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var connection = new SqliteConnection(_connection);
        connection.Open();
        using var command = Command(connection, sql, values);
        return command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // texts of this file; values are parameters
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
