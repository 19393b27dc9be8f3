/*
 * یک فروشگاه کوچک و کامل برای درگاه CanPay، فقط با JDK.
 *
 * A whole small shop: order, token, payer's page, callback, verify, deliver once. JDK 17 or newer, one file, nothing to build.
 *
 *   PORT=5095 java Shop.java     the shop
 *   java Shop.java settle        from cron, each minute: payers who never came back
 *
 * The JDK has no JSON reader. A shop of yours has Jackson or Gson; here three lines do for the flat answers of token and verify.
 */
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

public class Shop {
    static final String PORT = setting("PORT", "5095");
    static final String GATEWAY = setting("CANPAY_URL", "http://127.0.0.1:5080").replaceAll("/+$", "");
    static final String MERCHANT = setting("CANPAY_MERCHANT", "111-222-333-444");
    static final String SHOP = setting("SHOP_URL", "http://127.0.0.1:" + PORT).replaceAll("/+$", "");
    static final Path DATA = Path.of(setting("SHOP_DATA", "data"));
    static final long PRICE = 150_000; // whole rials, not toman
    static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    static String setting(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    // ---- the gateway -------------------------------------------------------------------------------------------------

    record Answer(boolean status, String text) {
        private static final String STRING = "\"((?:[^\"\\\\]|\\\\.)*)\"";

        String get(String name) {
            var found = Pattern.compile("\"" + name + "\"\\s*:\\s*(?:" + STRING + "|(-?\\d+))").matcher(text);
            return !found.find() ? "" : found.group(1) != null ? unescape(found.group(1)) : found.group(2);
        }

        private static String unescape(String json) {
            return Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|(.))").matcher(json).replaceAll(m -> java.util.regex.Matcher.quoteReplacement(
                m.group(1) != null ? String.valueOf((char) Integer.parseInt(m.group(1), 16))
                    : switch (m.group(2)) { case "n" -> "\n"; case "r" -> "\r"; case "t" -> "\t"; case "b", "f" -> " "; default -> m.group(2); }));
        }
    }

    /** Repeating is safe for token and verify. Empty: no usable answer, nobody knows what became of it. */
    static Optional<Answer> ask(String operation, String body) {
        var request = HttpRequest.newBuilder(URI.create(GATEWAY + "/api/ipg/" + operation))
            .timeout(Duration.ofSeconds(15))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"merchant\":\"" + MERCHANT + "\"," + body + "}"))
            .build();
        Answer answer = null;
        for (int attempt = 0; attempt < 3; attempt++) {
            try {
                Thread.sleep(attempt * 300L);
                var response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
                var status = Pattern.compile("^\\s*\\{\\s*\"status\"\\s*:\\s*(true|false)\\b").matcher(response.body());
                if (status.find()) {
                    answer = new Answer(status.group(1).equals("true"), response.body());
                    if (response.statusCode() < 500 && response.statusCode() != 429) {
                        break;
                    }
                }
            } catch (IOException e) {
                // no connection, or no answer in time: once more
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return Optional.ofNullable(answer);
    }

    // ---- orders: one file each, and one more when it is paid -----------------------------------------------------------

    record Order(String invoice, long amount, String token, String status) {
        Order withToken(String token) { return new Order(invoice, amount, token, status); }
        Order withStatus(String status) { return new Order(invoice, amount, token, status); }
    }

    static String random(int bytes) {
        var text = new byte[bytes];
        new SecureRandom().nextBytes(text);
        return HexFormat.of().formatHex(text);
    }

    static Path draft(String text) throws IOException {
        return Files.writeString(DATA.resolve("draft." + random(8)), text);
    }

    /** Whoever reads sees the old or the new one, never a half. */
    static void save(Order order) throws IOException {
        Files.move(draft(order.amount + "\n" + order.token + "\n" + order.status + "\n"),
            DATA.resolve("orders").resolve(order.invoice), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The number comes from outside: it must not become another file's name. */
    static Order find(String invoice) throws IOException {
        if (!invoice.matches("[0-9a-f]{24}") || !Files.exists(DATA.resolve("orders").resolve(invoice))) {
            return null;
        }
        var lines = Files.readString(DATA.resolve("orders").resolve(invoice)).split("\n", -1);
        return new Order(invoice, Long.parseLong(lines[0]), lines[1], lines[2]);
    }

    /** The tracking number of a paid order, else null. */
    static String paid(Order order) throws IOException {
        var file = DATA.resolve("paid").resolve(order.invoice);
        return Files.exists(file) ? Files.readString(file) : null;
    }

    /** True for exactly one caller, however many come at once: a link to a name that exists fails. In SQL: a unique insert. */
    static boolean markPaid(Order order, String reference) throws IOException {
        var draft = draft(reference);
        try {
            Files.createLink(DATA.resolve("paid").resolve(order.invoice), draft);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.delete(draft);
        }
    }

    static void deliver(Order order, String reference) throws IOException {
        Files.writeString(DATA.resolve("delivered.log"), order.invoice + " " + reference + "\n",
            StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Asks the gateway what became of an order. May be called at any time, any number of times. */
    static String settle(Order order) throws IOException {
        if (paid(order) != null) {
            return "paid";
        }
        if (!order.status.equals("open") || order.token.isEmpty()) {
            return order.status;
        }
        // With the amount: should the payment be of another one, nothing is verified.
        var answer = ask("verify", "\"token\":\"" + order.token + "\",\"amount\":" + order.amount).orElse(null);
        if (answer == null) {
            return "unknown";
        }
        if (answer.status) {
            if (!answer.get("invoice_id").equals(order.invoice) || !answer.get("amount").equals(Long.toString(order.amount))) {
                return "unknown";
            }
            if (markPaid(order, answer.get("reference"))) {
                deliver(order, answer.get("reference"));
            }
            return "paid";
        }
        var status = switch (answer.get("error")) {
            case "payment_not_paid" -> "open";
            case "payment_cancelled" -> "cancelled";
            case "payment_failed", "payment_expired", "payment_returned" -> "failed";
            default -> "unknown"; // it says nothing of the payment: ask again later, deliver nothing
        };
        if (status.equals("cancelled") || status.equals("failed")) {
            save(order.withStatus(status));
        }
        return status;
    }

    // ---- pages ---------------------------------------------------------------------------------------------------------

    static final Map<String, String> WORDS = Map.of(
        "paid", "پرداخت شد", "cancelled", "پرداخت لغو شد", "failed", "پرداخت انجام نشد", "open", "در انتظار پرداخت",
        "unknown", "نتیجه هنوز روشن نیست؛ دوباره می‌پرسیم");

    static String e(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    static void page(HttpExchange http, int status, String title, String body) throws IOException {
        var text = ("<!doctype html><html lang=\"fa\" dir=\"rtl\"><meta charset=\"utf-8\"><title>" + e(title) + "</title><h1>" + e(title)
            + "</h1>" + body + "</html>").getBytes(StandardCharsets.UTF_8);
        http.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        http.sendResponseHeaders(status, text.length);
        http.getResponseBody().write(text);
    }

    static void redirect(HttpExchange http, String url) throws IOException {
        http.getResponseHeaders().set("Location", url);
        http.sendResponseHeaders(303, -1);
    }

    static void pay(HttpExchange http) throws IOException {
        var order = new Order(random(12), PRICE, "", "open");
        save(order); // before anybody else hears of it
        var asked = ask("token", "\"amount\":" + order.amount + ",\"callback_url\":\"" + SHOP + "/callback\",\"invoice_id\":\"" + order.invoice + "\"");
        if (asked.isEmpty()) {
            page(http, 502, "پرداخت شروع نشد", "<p>درگاه پرداخت پاسخ نداد. کمی بعد دوباره تلاش کنید.</p>");
            return;
        }
        var answer = asked.get();
        if (!answer.status) {
            page(http, 502, "پرداخت شروع نشد", "<p>" + e(answer.get("code")) + " " + e(answer.get("error")) + "</p><p>"
                + e(answer.get("message")) + " " + e(answer.get("description")) + "</p>");
            return;
        }
        save(order.withToken(answer.get("token")));
        redirect(http, answer.get("url"));
    }

    /** What the browser brings is a hint that anybody can send. It is compared, then the gateway is asked. */
    static void callback(HttpExchange http, Map<String, String> fields) throws IOException {
        var order = find(fields.getOrDefault("invoice_id", ""));
        if (order == null || order.token.isEmpty()
            || !MessageDigest.isEqual(order.token.getBytes(StandardCharsets.UTF_8), fields.getOrDefault("token", "").getBytes(StandardCharsets.UTF_8))
            || !Objects.equals(fields.get("amount"), Long.toString(order.amount))) {
            page(http, 400, "سفارشی با این مشخصات پیدا نشد", "<p>اگر مبلغی کسر شده باشد، خودکار به کارت شما برمی‌گردد.</p>");
            return;
        }
        settle(order); // also after success=0: only the gateway knows whether the payer cancelled
        redirect(http, "/orders/" + order.invoice);
    }

    /** An order that is not decided asks again each time that it is looked at. */
    static void show(HttpExchange http, String invoice) throws IOException {
        var order = find(invoice);
        if (order == null) {
            page(http, 404, "سفارش پیدا نشد", "");
            return;
        }
        var status = settle(order);
        page(http, 200, WORDS.get(status), "<p data-status=\"" + status + "\">سفارش " + e(invoice) + "، " + order.amount + " ریال</p>"
            + (status.equals("paid") ? "<p>شماره پیگیری: " + e(paid(order)) + "</p>" : "")
            + (status.equals("open") || status.equals("unknown") ? "<meta http-equiv=\"refresh\" content=\"5\">" : "")
            + "<p><a href=\"/\">بازگشت به فروشگاه</a></p>");
    }

    static Map<String, String> form(String text) {
        var fields = new HashMap<String, String>();
        for (var pair : (text == null ? "" : text).split("&")) {
            var parts = pair.split("=", 2);
            fields.put(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    static void serve(HttpExchange http) throws IOException {
        try (http) {
            var path = http.getRequestURI().getPath();
            var isPost = http.getRequestMethod().equals("POST");
            var body = new String(http.getRequestBody().readNBytes(16_384), StandardCharsets.UTF_8);
            if (path.equals("/")) {
                page(http, 200, "فروشگاه نمونه", "<p>چای لاهیجان، " + PRICE + " ریال</p><form method=\"post\" action=\"/pay\"><button>پرداخت</button></form>");
            } else if (path.equals("/pay") && isPost) {
                pay(http);
            } else if (path.equals("/callback")) {
                callback(http, form(isPost ? body : http.getRequestURI().getRawQuery()));
            } else if (path.startsWith("/orders/")) {
                show(http, path.substring(8));
            } else {
                page(http, 404, "صفحه پیدا نشد", "");
            }
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            throw e;
        }
    }

    public static void main(String[] arguments) throws IOException {
        Files.createDirectories(DATA.resolve("orders"));
        Files.createDirectories(DATA.resolve("paid"));
        if (arguments.length > 0 && arguments[0].equals("settle")) {
            try (var files = Files.list(DATA.resolve("orders"))) {
                for (var file : files.toList()) {
                    var order = find(file.getFileName().toString());
                    if (order != null) {
                        System.out.println(order.invoice + " " + settle(order));
                    }
                }
            }
            return;
        }
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(PORT)), 0);
        server.createContext("/", Shop::serve);
        server.setExecutor(Executors.newFixedThreadPool(16));
        server.start();
    }
}
