using System.Collections.Frozen;

namespace CanPay.Gateway.Checkout;

/// <summary>Names of banks by the first six digits of their cards. A card of an unknown bank is a card all the same.</summary>
internal static class Banks
{
    /// <summary>For each bank the first six digits of its cards, the hue of its mark in degrees, and its name; the page's script has it, too.</summary>
    public const string Table =
        "603799,170019:20:ملی|589210,627381,639370,639599,636949,505801:35:سپه|627961:210:صنعت و معدن|"
        + "603770,639217:95:کشاورزی|628023:20:مسکن|627760:140:پست بانک|502908:190:توسعه تعاون|"
        + "627412:280:اقتصاد نوین|622106,627884,639194:350:پارسیان|502229,639347:45:پاسارگاد|"
        + "627488,502910:170:کارآفرین|621986:205:سامان|639346:220:سینا|639607:5:سرمایه|502806,504706:355:شهر|"
        + "502938:175:دی|603769,903769:225:صادرات|610433,991975:345:ملت|585983,627353:215:تجارت|589463:260:رفاه|"
        + "636214:15:آینده|627648,207177:130:توسعه صادرات|505785:290:ایران زمین|505416,505426:0:گردشگری|"
        + "504172:160:رسالت|606373:120:مهر ایران|585947,588947:30:خاورمیانه|606256:200:ملل|628157:150:توسعه|"
        + "507677:265:نور|636795,636797:235:مرکزی|581874:10:ایران و ونزوئلا";

    private const int BinLength = 6;

    private static readonly FrozenDictionary<string, string> ByBin = Table
        .Split('|').Select(bank => bank.Split(':'))
        .SelectMany(bank => bank[0].Split(',').Select(bin => (Bin: bin, Name: bank[2])))
        .ToFrozenDictionary(bank => bank.Bin, bank => bank.Name, StringComparer.Ordinal);

    /// <param name="mask">Begins with the first six digits, in groups.</param>
    public static string NameOf(string mask) =>
        new string([.. mask.Where(char.IsAsciiDigit).Take(BinLength)]) is { Length: BinLength } bin && ByBin.TryGetValue(bin, out var name)
            ? "بانک " + name
            : "کارت بانکی";
}
