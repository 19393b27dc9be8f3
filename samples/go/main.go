// یک فروشگاه کوچک و کامل برای درگاه CanPay، فقط با کتابخانهٔ استاندارد Go.
//
// A whole small shop: order, token, payer's page, callback, verify, deliver once.
//
//	PORT=5094 go run .     the shop
//	go run . settle        from cron, each minute: payers who never came back
package main

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	port     = setting("PORT", "5094")
	gateway  = strings.TrimRight(setting("CANPAY_URL", "http://127.0.0.1:5080"), "/")
	merchant = setting("CANPAY_MERCHANT", "111-222-333-444")
	shop     = strings.TrimRight(setting("SHOP_URL", "http://127.0.0.1:"+port), "/")
	data     = setting("SHOP_DATA", "data")
	client   = &http.Client{Timeout: 15 * time.Second}
)

const price = 150_000 // whole rials, not toman

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

// ---- the gateway ----------------------------------------------------------------------------------------------------

type answer struct {
	Status      *bool  `json:"status"`
	Error       string `json:"error"`
	Code        int    `json:"code"`
	Message     string `json:"message"`
	Description string `json:"description"`
	Data        struct {
		URL       string `json:"url"`
		Token     string `json:"token"`
		Card      string `json:"card"`
		Reference string `json:"reference"`
		Amount    int64  `json:"amount"`
		InvoiceID string `json:"invoice_id"`
	} `json:"data"`
}

// ask may repeat: token and verify are safe to repeat. Nil: no usable answer, nobody knows what became of it.
func ask(operation string, body map[string]any) *answer {
	body["merchant"] = merchant
	text, _ := json.Marshal(body)
	var last *answer
	for attempt := 0; attempt < 3; attempt++ {
		time.Sleep(time.Duration(attempt) * 300 * time.Millisecond)
		response, err := client.Post(gateway+"/api/ipg/"+operation, "application/json", bytes.NewReader(text))
		if err != nil {
			continue // no connection, no answer in time
		}
		var read answer
		err = json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&read)
		response.Body.Close()
		if err != nil || read.Status == nil {
			continue
		}
		last = &read
		if response.StatusCode < 500 && response.StatusCode != http.StatusTooManyRequests {
			break
		}
	}
	return last
}

// ---- orders: one file each, and one more when it is paid --------------------------------------------------------------

type order struct {
	InvoiceID string `json:"invoice_id"`
	Amount    int64  `json:"amount"`
	Token     string `json:"token"`
	Status    string `json:"status"`
	Reference string `json:"reference,omitempty"`
}

var invoiceForm = regexp.MustCompile(`^[0-9a-f]{24}$`)

func random(bytes int) string {
	text := make([]byte, bytes)
	if _, err := rand.Read(text); err != nil {
		panic(err)
	}
	return hex.EncodeToString(text)
}

func draft(o order) string {
	text, _ := json.Marshal(o)
	file := filepath.Join(data, "draft."+random(8))
	must(os.WriteFile(file, text, 0o600))
	return file
}

// save replaces the file: whoever reads sees the old or the new one, never a half.
func save(o order) {
	must(os.Rename(draft(o), filepath.Join(data, "orders", o.InvoiceID)))
}

// read checks the number, which comes from outside: it must not become another file's name.
func read(folder, invoice string) *order {
	if !invoiceForm.MatchString(invoice) {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(data, folder, invoice))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	must(err)
	var o order
	must(json.Unmarshal(text, &o))
	return &o
}

// markPaid is true for exactly one caller, however many come at once: a link to a name that exists fails. In SQL: a unique insert.
func markPaid(o order) bool {
	file := draft(o)
	defer os.Remove(file)
	err := os.Link(file, filepath.Join(data, "paid", o.InvoiceID))
	if errors.Is(err, os.ErrExist) {
		return false
	}
	must(err)
	return true
}

func deliver(o order) {
	file, err := os.OpenFile(filepath.Join(data, "delivered.log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	must(err)
	defer file.Close()
	fmt.Fprintln(file, o.InvoiceID, o.Reference)
}

// settle asks the gateway what became of an order. It may be called at any time, any number of times.
func settle(o order) string {
	if read("paid", o.InvoiceID) != nil {
		return "paid"
	}
	if o.Status != "open" || o.Token == "" {
		return o.Status
	}
	// With the amount: should the payment be of another one, nothing is verified.
	a := ask("verify", map[string]any{"token": o.Token, "amount": o.Amount})
	if a == nil {
		return "unknown"
	}
	if *a.Status {
		if a.Data.InvoiceID != o.InvoiceID || a.Data.Amount != o.Amount {
			return "unknown"
		}
		o.Reference = a.Data.Reference
		if markPaid(o) {
			deliver(o)
		}
		return "paid"
	}
	switch a.Error {
	case "payment_not_paid":
		return "open"
	case "payment_cancelled":
		o.Status = "cancelled"
	case "payment_failed", "payment_expired", "payment_returned":
		o.Status = "failed"
	default:
		return "unknown" // an answer that says nothing of the payment: ask again later, deliver nothing
	}
	save(o)
	return o.Status
}

// ---- pages: html/template escapes by itself ------------------------------------------------------------------------------

var words = map[string]string{
	"paid": "پرداخت شد", "cancelled": "پرداخت لغو شد", "failed": "پرداخت انجام نشد", "open": "در انتظار پرداخت",
	"unknown": "نتیجه هنوز روشن نیست؛ دوباره می‌پرسیم",
}

var frame = template.Must(template.New("page").Parse(`<!doctype html><html lang="fa" dir="rtl"><meta charset="utf-8"><title>{{.Title}}</title><h1>{{.Title}}</h1>
{{if .Again}}<meta http-equiv="refresh" content="5">{{end}}
{{if .Status}}<p data-status="{{.Status}}">{{.Text}}</p>{{else}}<p>{{.Text}}</p>{{end}}
{{if .Home}}<form method="post" action="/pay"><button>پرداخت</button></form>{{else}}<p><a href="/">بازگشت به فروشگاه</a></p>{{end}}</html>`))

type content struct {
	Title, Text, Status string
	Home, Again         bool
}

func page(w http.ResponseWriter, status int, c content) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	must(frame.Execute(w, c))
}

func pay(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(w, "POST", http.StatusMethodNotAllowed)
		return
	}
	o := order{InvoiceID: random(12), Amount: price, Status: "open"}
	save(o) // before anybody else hears of it
	a := ask("token", map[string]any{"amount": o.Amount, "callback_url": shop + "/callback", "invoice_id": o.InvoiceID})
	if a == nil {
		page(w, 502, content{Title: "پرداخت شروع نشد", Text: "درگاه پرداخت پاسخ نداد. کمی بعد دوباره تلاش کنید."})
		return
	}
	if !*a.Status {
		page(w, 502, content{Title: "پرداخت شروع نشد", Text: fmt.Sprint(a.Code, " ", a.Error, ": ", a.Message, " ", a.Description)})
		return
	}
	o.Token = a.Data.Token
	save(o)
	http.Redirect(w, r, a.Data.URL, http.StatusSeeOther)
}

// callback: what the browser brings, by POST or GET, is a hint that anybody can send. It is compared, then the gateway is asked.
func callback(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16_384)
	o := read("orders", r.FormValue("invoice_id"))
	if o == nil || o.Token == "" || subtle.ConstantTimeCompare([]byte(o.Token), []byte(r.FormValue("token"))) != 1 ||
		r.FormValue("amount") != strconv.FormatInt(o.Amount, 10) {
		page(w, 400, content{Title: "سفارشی با این مشخصات پیدا نشد", Text: "اگر مبلغی کسر شده باشد، خودکار به کارت شما برمی‌گردد."})
		return
	}
	settle(*o) // also after success=0: only the gateway knows whether the payer cancelled
	http.Redirect(w, r, "/orders/"+o.InvoiceID, http.StatusSeeOther)
}

// show: an order that is not decided asks again each time that it is looked at.
func show(w http.ResponseWriter, r *http.Request) {
	o := read("orders", strings.TrimPrefix(r.URL.Path, "/orders/"))
	if o == nil {
		page(w, 404, content{Title: "سفارش پیدا نشد"})
		return
	}
	status := settle(*o)
	text := fmt.Sprintf("سفارش %s، %d ریال", o.InvoiceID, o.Amount)
	if status == "paid" {
		text += "، شماره پیگیری: " + read("paid", o.InvoiceID).Reference
	}
	page(w, 200, content{Title: words[status], Text: text, Status: status, Again: status == "open" || status == "unknown"})
}

func must(err error) {
	if err != nil {
		panic(err) // net/http answers by closing this one connection
	}
}

func main() {
	must(os.MkdirAll(filepath.Join(data, "orders"), 0o700))
	must(os.MkdirAll(filepath.Join(data, "paid"), 0o700))
	if len(os.Args) > 1 && os.Args[1] == "settle" {
		files, err := os.ReadDir(filepath.Join(data, "orders"))
		must(err)
		for _, file := range files {
			if o := read("orders", file.Name()); o != nil {
				fmt.Println(o.InvoiceID, settle(*o))
			}
		}
		return
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			page(w, 404, content{Title: "صفحه پیدا نشد"})
			return
		}
		page(w, 200, content{Title: "فروشگاه نمونه", Text: fmt.Sprintf("چای لاهیجان، %d ریال", price), Home: true})
	})
	http.HandleFunc("/pay", pay)
	http.HandleFunc("/callback", callback)
	http.HandleFunc("/orders/", show)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
