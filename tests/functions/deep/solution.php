class Deep
{
    function cube($value)
    {
        return array_reverse($value);
    }

    function texts($value)
    {
        return array_reverse($value);
    }

    function mixed($value)
    {
        return array_reverse($value);
    }

    function woods($value)
    {
        return array_reverse($value);
    }
}
