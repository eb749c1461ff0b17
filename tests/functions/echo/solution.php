class Echo_
{
    private $remembered;

    function __construct(private string $name)
    {
    }

    function nextInteger($value)
    {
        return $value + 1;
    }

    function nextLong($value)
    {
        return $value + 1;
    }

    function halfOf($value)
    {
        return $value / 2;
    }

    function negation($value)
    {
        return !$value;
    }

    function nextCharacter($value)
    {
        return chr(ord($value) + 1);
    }

    function shout($value)
    {
        return "$value!";
    }

    function turned($value)
    {
        $before = null;
        for (; $value; $value = $value->next) {
            $before = new ListNode($value->val, $before);
        }
        return $before;
    }

    function mirrored($value)
    {
        if ($value) {
            [$value->left, $value->right] = [$this->mirrored($value->right), $this->mirrored($value->left)];
        }
        return $value;
    }

    function integers($value)
    {
        return array_reverse($value);
    }

    function longs($value)
    {
        return array_reverse($value);
    }

    function doubles($value)
    {
        return array_reverse($value);
    }

    function flags($value)
    {
        return array_reverse($value);
    }

    function letters($value)
    {
        return array_reverse($value);
    }

    function words($value)
    {
        return array_reverse($value);
    }

    function grid($value)
    {
        return array_reverse($value);
    }

    function board($value)
    {
        return array_reverse($value);
    }

    function numbers($value)
    {
        return array_reverse($value);
    }

    function names($value)
    {
        return array_reverse($value);
    }

    function rows($value)
    {
        return array_reverse($value);
    }

    function table($value)
    {
        return array_reverse($value);
    }

    function firstOf($value)
    {
        return $value[0];
    }

    function forest($value)
    {
        return array_reverse($value);
    }

    function chains($value)
    {
        return array_reverse($value);
    }

    function remember($value)
    {
        $this->remembered = $value;
    }

    function recall()
    {
        return $this->remembered;
    }

    function title()
    {
        return $this->name;
    }
}
