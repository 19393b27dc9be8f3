namespace CanPay.Iso8583;

/// <summary>A message format as data: a table of fields. A new network is a new table, not new code.</summary>
/// <remarks>On the wire: header, type (4 digits), primary bitmap and, where needed, the secondary one (16 hexadecimal digits each), fields.</remarks>
public sealed partial class MessageFormat
{
    private readonly FieldFormat?[] _fields = new FieldFormat?[129];
    private readonly ShortField[] _shortFields = new ShortField[129];

    /// <summary>Makes a format and checks that its table can be read back.</summary>
    /// <param name="name">For messages to people.</param>
    /// <param name="fields">Rows, in any order, each field once.</param>
    /// <param name="header">ASCII before the message type; usually empty.</param>
    /// <exception cref="ArgumentException">The table contradicts itself.</exception>
    public MessageFormat(string name, IEnumerable<FieldFormat> fields, string header = "")
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(header);
        Name = name;
        Header = System.Text.Encoding.ASCII.GetBytes(header);
        foreach (var field in fields)
        {
            if (field.Number is < 2 or > 128 || _fields[field.Number] is not null)
            {
                throw new ArgumentException($"Field {field.Number} is out of range or there twice.", nameof(fields));
            }

            var most = field.LengthDigits switch { 0 or 3 => 999, 2 => 99, _ => 0 };
            if (field.Length < 1 || field.Length > most)
            {
                throw new ArgumentException($"Field {field.Number} cannot have {field.Length} units.", nameof(fields));
            }

            _fields[field.Number] = field;
            _shortFields[field.Number] = new ShortField(field);
        }
    }

    /// <summary>For messages to people.</summary>
    public string Name { get; }

    /// <summary>The row of a field, or null where the format has none.</summary>
    public FieldFormat? this[int field] => field is >= 2 and <= 128 ? _fields[field] : null;

    internal byte[] Header { get; }

    /// <summary>By the number of the field.</summary>
    internal ReadOnlySpan<ShortField> ShortFields => _shortFields;

    /// <summary>The same table behind another header.</summary>
    public MessageFormat WithHeader(string header) => new(Name, _fields.OfType<FieldFormat>(), header);

    private static FieldFormat N(int number, int length, string name) => new(number, name, FieldKind.Numeric, length);

    private static FieldFormat An(int number, int length, string name) => new(number, name, FieldKind.Text, length);

    private static FieldFormat Signed(int number, int length, string name) =>
        new(number, name, FieldKind.SignedNumeric, length);

    private static FieldFormat LlN(int number, int most, string name) => new(number, name, FieldKind.Numeric, most, 2);

    private static FieldFormat LlAn(int number, int most, string name) => new(number, name, FieldKind.Text, most, 2);

    private static FieldFormat LllAn(int number, int most, string name) => new(number, name, FieldKind.Text, most, 3);

    private static FieldFormat Hex(int number, int bytes, string name) => new(number, name, FieldKind.Hex, bytes);

    private static FieldFormat Secret(FieldFormat field, Secrecy secrecy = Secrecy.LengthOnly) =>
        field with { Secrecy = secrecy };
}
