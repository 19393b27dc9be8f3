using System.Collections.Frozen;

namespace CanPay.Gateway.Checkout;

/// <summary>Names of banks by the first six digits of their cards. A card of an unknown bank is a card all the same.</summary>
internal static class Banks
{
    /// <summary>For each bank the first six digits of its cards, the hue of its mark in degrees, and its names in Persian and English; the page's script has it, too.</summary>
    public const string Table =
        "603799,170019:20:ملی:Melli|589210,627381,639370,639599,636949,505801:35:سپه:Sepah|627961:210:صنعت و معدن:Industry and Mine|"
        + "603770,639217:95:کشاورزی:Keshavarzi|628023:20:مسکن:Maskan|627760:140:پست بانک:Post|502908:190:توسعه تعاون:Tosee Taavon|"
        + "627412:280:اقتصاد نوین:Eghtesad Novin|622106,627884,639194:350:پارسیان:Parsian|502229,639347:45:پاسارگاد:Pasargad|"
        + "627488,502910:170:کارآفرین:Karafarin|621986:205:سامان:Saman|639346:220:سینا:Sina|639607:5:سرمایه:Sarmayeh|502806,504706:355:شهر:Shahr|"
        + "502938:175:دی:Dey|603769,903769:225:صادرات:Saderat|610433,991975:345:ملت:Mellat|585983,627353:215:تجارت:Tejarat|589463:260:رفاه:Refah|"
        + "636214:15:آینده:Ayandeh|627648,207177:130:توسعه صادرات:Export Development|505785:290:ایران زمین:Iran Zamin|505416,505426:0:گردشگری:Tourism|"
        + "504172:160:رسالت:Resalat|606373:120:مهر ایران:Mehr Iran|585947,588947:30:خاورمیانه:Middle East|606256:200:ملل:Melal|628157:150:توسعه:Tosee|"
        + "507677:265:نور:Noor|636795,636797:235:مرکزی:Central|581874:10:ایران و ونزوئلا:Iran-Venezuela";

    private const int BinLength = 6;

    private static readonly FrozenDictionary<string, Bank> ByBin = Table
        .Split('|').Select(bank => bank.Split(':'))
        .SelectMany(bank => bank[0].Split(',').Select(bin => (Bin: bin, Bank: new Bank(bank[2], bank[3]))))
        .ToFrozenDictionary(bank => bank.Bin, bank => bank.Bank, StringComparer.Ordinal);

    /// <param name="mask">Begins with the first six digits, in groups.</param>
    public static Bank? Find(string mask) =>
        new string([.. mask.Where(char.IsAsciiDigit).Take(BinLength)]) is { Length: BinLength } bin ? ByBin.GetValueOrDefault(bin) : null;
}

/// <summary>The names of a bank, without the word for "bank".</summary>
internal sealed record Bank(string Persian, string English);
