<?php
/*
 * STAND-INS, for tests only: the few functions and classes of WHMCS that the module calls, on SQLite. They are written from the host's
 * documentation and prove nothing about the host itself. The gateway at the other end is a real one.
 */
namespace WHMCS\Database {
    final class Capsule
    {
        private static $connection;

        public static function connection() { return self::$connection ??= new StandInConnection(); }
    }

    final class StandInConnection
    {
        private $pdo;

        public function __construct()
        {
            $this->pdo = new \PDO('sqlite:' . getenv('SHOP_DATA') . '/whmcs.db', null, null, [\PDO::ATTR_TIMEOUT => 20]);
            $this->pdo->exec('PRAGMA journal_mode = WAL');
        }

        public function statement($sql, $values = []) { return $this->pdo->prepare($sql)->execute($values); }

        public function insert($sql, $values) { return $this->statement($sql, $values); }

        public function update($sql, $values)
        {
            $statement = $this->pdo->prepare($sql);
            $statement->execute($values);
            return $statement->rowCount();
        }

        public function select($sql, $values)
        {
            $statement = $this->pdo->prepare($sql);
            $statement->execute($values);
            return $statement->fetchAll(\PDO::FETCH_OBJ);
        }

        public function transaction($work)
        {
            $this->pdo->exec('BEGIN IMMEDIATE');
            try {
                $work();
                $this->pdo->exec('COMMIT');
            } catch (\Throwable $e) {
                $this->pdo->exec('ROLLBACK');
                throw $e;
            }
        }
    }
}

namespace {
    define('WHMCS', true);
    $cc_encryption_hash = 'for tests';
    $hooks = [];

    final class App
    {
        public static function load_function($name) {}
    }

    function add_hook($name, $priority, $work) { $GLOBALS['hooks'][$name][] = $work; }

    function getGatewayVariables($name)
    {
        return [
            'type' => 'Invoices', 'name' => 'CanPay', 'merchant' => getenv('CANPAY_MERCHANT'), 'apiKey' => '', 'gatewayUrl' => getenv('CANPAY_URL'),
            'systemurl' => getenv('SHOP_URL') . '/',
        ];
    }

    function logTransaction($gateway, $data, $result) {}

    /** What makes an invoice paid, and so sends the goods out. */
    function addInvoicePayment($invoice, $reference, $amount, $fee, $module)
    {
        file_put_contents(getenv('SHOP_DATA') . '/delivered.log', "$invoice $reference $amount\n", FILE_APPEND | LOCK_EX);
    }
}
