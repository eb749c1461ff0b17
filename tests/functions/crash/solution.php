function countDown(int $start): int
{
    if ($start == 0) {
        throw new Exception('there is nothing below');
    }
    return $start - 1;
}
