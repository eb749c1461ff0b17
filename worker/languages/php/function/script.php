<?php

// Calls a solution, which is solution.php, with each test, and tells of the answers on descriptor 3.

namespace Pushjudge {

    const NODES_MAX = 10000000;  // more is taken for a circle

    function element_of(string $kind): string
    {
        return str_ends_with($kind, '[]') ? substr($kind, 0, -2) : substr($kind, 5, -1);
    }

    function is_container(string $kind): bool
    {
        return str_ends_with($kind, ']') || str_ends_with($kind, '>');
    }

    function read_list(?array $values): ?\ListNode
    {
        $head = null;
        foreach (array_reverse($values ?? []) as $value) {
            $head = new \ListNode($value, $head);
        }
        return $head;
    }

    function read_tree(?array $values): ?\TreeNode
    {
        if (!$values) {
            return null;
        }
        $parents = [new \TreeNode($values[0])];
        $parent = 0;
        for ($i = 1; $i < count($values); $i++) {
            $child = $values[$i] === null ? null : new \TreeNode($values[$i]);
            if ($child !== null) {
                $parents[] = $child;
            }
            if ($i % 2 == 1) {
                $parents[$parent]->left = $child;
            } else {
                $parents[$parent++]->right = $child;
            }
        }
        return $parents[0];
    }

    function read_double(mixed $value): float
    {
        return match ($value) {
            'NaN' => NAN,
            'Infinity' => INF,
            '-Infinity' => -INF,
            default => (float) $value,
        };
    }

    function read(string $kind, mixed $value): mixed
    {
        if (is_container($kind)) {
            $element = element_of($kind);
            $as_they_are = ['integer', 'long', 'boolean', 'character', 'string'];
            return in_array($element, $as_they_are) ? $value : array_map(fn($each) => read($element, $each), $value);
        }
        return match ($kind) {
            'ListNode' => read_list($value),
            'TreeNode' => read_tree($value),
            'double' => read_double($value),
            default => $value,
        };
    }

    function refuse_cycle(array $values): void
    {
        if (count($values) > NODES_MAX) {
            throw new \LengthException('The answer has a cycle');
        }
    }

    function write_list(?object $node): array
    {
        $values = [];
        for (; $node !== null; $node = $node->next) {
            $values[] = $node->val;
            refuse_cycle($values);
        }
        return $values;
    }

    function write_tree(?object $root): array
    {
        $values = [];
        $level = new \SplQueue();
        $level[] = $root;
        while (!$level->isEmpty()) {
            $node = $level->dequeue();
            $values[] = $node?->val;
            if ($node !== null) {
                refuse_cycle($values);
                $level[] = $node->left;
                $level[] = $node->right;
            }
        }
        while ($values && end($values) === null) {
            array_pop($values);
        }
        return $values;
    }

    function write_double(float $value): mixed
    {
        if (is_nan($value)) {
            return 'NaN';
        }
        return is_finite($value) ? $value : ($value > 0 ? 'Infinity' : '-Infinity');
    }

    function write(string $kind, mixed $value): mixed
    {
        if ($kind == 'void') {
            return null;
        }
        if ($kind == 'ListNode') {
            return write_list($value);
        }
        if ($kind == 'TreeNode') {
            return write_tree($value);
        }
        if (is_container($kind)) {
            if (is_iterable($value)) {
                $element = element_of($kind);
                $values = [];
                foreach ($value as $each) {
                    $values[] = write($element, $each);
                }
                return $values;
            }
        } elseif ($kind == 'double' && (is_int($value) || is_float($value))) {
            return write_double($value);
        } elseif ($kind == 'boolean' && is_bool($value)) {
            return $value;
        } elseif (($kind == 'string' || $kind == 'character') && is_string($value)) {
            return $value;
        } elseif ($kind == 'integer' || $kind == 'long') {
            if (is_int($value)) {
                return $value;
            }
            // What / and floor() give is no integer by its type.
            if (is_float($value) && floor($value) == $value && abs($value) < PHP_INT_MAX) {
                return (int) $value;
            }
        }
        throw new \TypeError('The answer has ' . substr(var_export($value, true), 0, 60) . " where $kind belongs");
    }

    function microseconds(): int
    {
        $used = getrusage();
        return ($used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec']) * 1000000
            + $used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec'];
    }

    function run_function(array $signature, array $lines): array
    {
        $kinds = array_column($signature['params'], 'type');
        $arguments = [];
        foreach ($kinds as $i => $kind) {
            $arguments[] = read($kind, json_decode($lines[$i], true));
        }
        $in_class = class_exists('Solution') && method_exists('Solution', $signature['name']);
        $call = $in_class ? [new \Solution(), $signature['name']] : $signature['name'];
        $begin = microseconds();
        // By reference, where the function takes it so.
        $returned = $call(...$arguments);
        $took = microseconds() - $begin;
        $output = $signature['output']['paramindex'] ?? null;
        $answer = $output === null
            ? write($signature['return']['type'], $returned)
            : write($kinds[$output], $arguments[$output]);
        return [$answer, $took];
    }

    function run_class(array $signature, array $lines): array
    {
        $class = '{{class_name}}';
        $methods = array_column($signature['methods'], null, 'name');
        [$names, $calls] = array_map(fn($line) => json_decode($line, true), $lines);
        $solution = null;
        $answers = [];
        $total = 0;
        foreach ($names as $i => $name) {
            $parameters = ($i == 0 ? $signature['constructor'] ?? [] : $methods[$name])['params'] ?? [];
            $arguments = [];
            foreach ($parameters as $k => $parameter) {
                $arguments[] = read($parameter['type'], $calls[$i][$k]);
            }
            $begin = microseconds();
            $returned = $i == 0 ? new $class(...$arguments) : $solution->$name(...$arguments);
            $total += microseconds() - $begin;
            if ($i == 0) {
                $solution = $returned;
            }
            $answers[] = $i == 0 ? null : write($methods[$name]['return']['type'], $returned);
        }
        return [$answers, $total];
    }

    function run_all(array $signature, string $nonce, array $lines): void
    {
        $told = fopen('php://fd/3', 'w');
        $per_test = isset($signature['classname']) ? 2 : count($signature['params']);
        foreach (array_chunk($lines, $per_test) as $test) {
            [$answer, $took] = isset($signature['classname'])
                ? run_class($signature, $test)
                : run_function($signature, $test);
            $text = json_encode(
                $answer,
                JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR
            );
            while (ob_get_level() > 1) {
                ob_end_flush();
            }
            echo $nonce, "\n";
            ob_flush();
            fwrite($told, "$nonce $took $text\n");
        }
    }
}

namespace {

    // Only what the solution does not bring itself.
    function pushjudge_nodes(): void
    {
        if (!class_exists('ListNode')) {
            class ListNode
            {
                public $val = 0;
                public $next = null;

                function __construct($val = 0, $next = null)
                {
                    $this->val = $val;
                    $this->next = $next;
                }
            }
        }
        if (!class_exists('TreeNode')) {
            class TreeNode
            {
                public $val = null;
                public $left = null;
                public $right = null;

                function __construct($val = 0, $left = null, $right = null)
                {
                    $this->val = $val;
                    $this->left = $left;
                    $this->right = $right;
                }
            }
        }
    }

    // Messages are told where traces belong; what is printed is gathered.
    ini_set('display_errors', 'stderr');
    ini_set('log_errors', '0');
    ini_set('html_errors', '0');
    ini_set('serialize_precision', '-1');
    ob_start(null, 1 << 16);
    require __DIR__ . '/solution.php';
    pushjudge_nodes();
    Pushjudge\run_all(json_decode({{signature_string}}, true), array_pop($argv), file('php://stdin', FILE_IGNORE_NEW_LINES));
}
