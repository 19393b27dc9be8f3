using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Checkout;

internal sealed partial class PersianWords
{
    public override string Brand => "کن‌پی";

    public override string BrandLine => "درگاه پرداخت اینترنتی";

    public override string CheckAddressBeforeTyping => "پیش از وارد کردن اطلاعات کارت، نشانی صفحه را بررسی کنید:";

    public override string CheckAddressOfReceipt => "برای اطمینان از درستی رسید، نشانی صفحه را بررسی کنید:";

    public override string BackToPayment => "بازگشت به صفحهٔ پرداخت";

    public override string BackToShop => "بازگشت به فروشگاه";

    public override string Amount => "مبلغ";

    public override string Shop => "فروشگاه";

    public override string Address => "نشانی";

    public override string Invoice => "شماره فاکتور";

    public override string Reference => "شماره پیگیری";

    public override string Card => "کارت";

    public override string Time => "زمان";

    public override string RialUnit => "ریال";

    public override string Equivalent(Rials amount) => "معادل " + Toman(amount);

    public override string PayTo(string shop) => "پرداخت به " + shop;

    public override string PaymentDetails => "مشخصات پرداخت";

    public override string AmountToPay => "مبلغ قابل پرداخت";

    public override string TimeLeft => "زمان باقی‌مانده";

    public override string UntilHour(DateTimeOffset at) => $"(تا ساعت {Hour(at)})";

    public override string CardTitle => "اطلاعات کارت بانکی";

    public override string OtherCard => "کارت دیگر";

    public override string CardNumber => "شماره کارت";

    public override string CardNumberHint => "۱۶ رقم روی کارت";

    public override string BankPattern => "بانک {0}";

    public override string Cvv2Hint => "۳ یا ۴ رقم";

    public override string Expiry => "تاریخ انقضا";

    public override string ExpiryMonth => "ماه انقضا";

    public override string MonthHint => "ماه";

    public override string ExpiryYear => "سال انقضا، دو رقم";

    public override string YearHint => "سال";

    public override string SecondPin => "رمز دوم";

    public override string SecondPinKind => "(رمز پویا)";

    public override string SecondPinHint => "رمز دوم کارت";

    public override string Keypad => "صفحه‌کلید امن";

    public override string KeypadIntoPattern => "رقم‌ها در این خانه نوشته می‌شوند: {0}";

    public override string KeypadDelete => "پاک کردن رقم آخر";

    public override string AskForPin => "درخواست رمز پویا";

    public override string AskAgainPattern => "دوباره پس از {0}";

    public override string KeepCard => "این کارت برای پرداخت‌های بعدی من ذخیره شود";

    public override string KeepCardLess => "(CVV2 و رمز هرگز ذخیره نمی‌شوند)";

    public override string Paying => "در حال پرداخت…";

    public override string Pay(Rials amount) => "پرداخت " + Rials(amount);

    public override string Cancel => "انصراف";

    public override string MyCards => "کارت‌های من";

    public override string ManageMyCards => "ویرایش";

    public override string NoCardsYet => "هنوز کارتی ندارید. شمارهٔ کارت را وارد کنید؛ اگر بخواهید برای دفعهٔ بعد می‌ماند.";

    public override string CardsOfMobile => "کارت‌های ذخیره‌شدهٔ شماره";

    public override string UseMyCards => "استفاده از کارت‌های من";

    public override string SavedCards => "کارت‌های ذخیره‌شده";

    public override string NothingSaved => "کارتی نزد ما ذخیره نشده است. کارت‌های سامانهٔ پیوند را در همان سامانه ویرایش کنید.";

    public override string CardLabel => "نام دلخواه";

    public override string SaveLabel => "ذخیرهٔ نام";

    public override string DeleteCard => "حذف کارت";

    public override string BackToForm => "بازگشت به پرداخت";

    public override string CodeTitle => "کد پیامک‌شده را وارد کنید";

    public override (string Before, string After) CodeText => (
        "اگر شماره",
        "در دسترس باشد، کد شش‌رقمی تا چند لحظهٔ دیگر به آن پیامک می‌شود. با این کد فقط کارت‌های شما نمایش داده می‌شوند و چیزی پرداخت نمی‌شود.");

    public override string CodeWrong => "کد درست نیست یا مهلت آن گذشته است. دوباره وارد کنید، یا پس از یک دقیقه کد تازه بخواهید.";

    public override string Code => "کد یک‌بارمصرف";

    public override string ShowMyCards => "نمایش کارت‌های من";

    public override string SendCodeAgain => "فرستادن دوبارهٔ کد";

    public override string BackToCardNumber => "بازگشت و وارد کردن شمارهٔ کارت";

    public override string ConfirmShop => "تأیید فروشگاه";

    public override string ConfirmShopTitle => "به این فروشگاه پرداخت می‌کنید؟";

    public override string ConfirmShopText =>
        "مرورگر شما نگفت که از کدام سایت آمده‌اید. پیش از ادامه، نام و نشانی فروشگاه و مبلغ را بررسی کنید.";

    public override string ContinueToPay => "ادامه و پرداخت";

    public override string WaitingText =>
        "درخواست شما به بانک فرستاده شده است. این صفحه را نبندید؛ نتیجه تا چند ثانیهٔ دیگر همین‌جا نمایش داده می‌شود.";

    public override string Receipt => "رسید پرداخت";

    public override string OnlineReceipt => "رسید پرداخت اینترنتی";

    public override string ReceiptTitle(string state) => "رسید پرداخت: " + state;

    public override string State => "وضعیت";

    public override string ShopAddress => "نشانی فروشگاه";

    public override string Bank => "بانک";

    public override string ReturnedAt => "زمان برگشت";

    public override string AnnulledAt => "زمان لغو";

    public override string RefundedAmount => "بازگردانده‌شده";

    public override string AmountBeingRefunded => "در حال بازگشت";

    public override string AmountAt(Rials amount, DateTimeOffset at) => $"{Rials(amount)}، {DateAndTime(at)}";

    public override string QrOfReceipt => "کد QR نشانی این رسید";

    public override string ReceiptStaysAt => "وضعیت تازهٔ این پرداخت همیشه در این نشانی است:";

    public override string WhoeverHasTheAddress => "هر کس این نشانی را داشته باشد رسید را می‌بیند.";

    public override string AsOf(DateTimeOffset at) => "وضعیت در " + DateAndTime(at);

    public override string Share => "اشتراک‌گذاری رسید";

    public override string AddressCopied => "نشانی رسید کپی شد";

    public override string SaveImage => "ذخیرهٔ تصویر";

    public override string PrintOrPdf => "چاپ / ذخیرهٔ PDF";
}
