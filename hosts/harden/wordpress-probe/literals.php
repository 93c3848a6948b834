<?php

namespace Steward;

/** The tokens of a program, without blanks and comments. */
function significant_tokens($text)
{
    return array_values(array_filter(token_get_all($text), function ($token) {
        return !is_array($token) || !in_array($token[0], [T_WHITESPACE, T_COMMENT, T_DOC_COMMENT], true);
    }));
}

function text_at(array $tokens, $at)
{
    if (!isset($tokens[$at])) {
        return '';
    }
    return is_array($tokens[$at]) ? $tokens[$at][1] : $tokens[$at];
}

/** What a text in quotes means, or null where it is none, or has escapes beyond those of the quote and the backslash. */
function literal($source)
{
    if (preg_match("/^'(.*)'$/s", $source, $found)) {
        return preg_replace("/\\\\(['\\\\])/", '$1', $found[1]);
    }
    if (!preg_match('/^"((?:[^\\\\$"]|\\$(?![A-Za-z_{])|\\\\[\\\\$"])*)"$/s', $source, $found)) {
        return null;
    }
    return preg_replace('/\\\\([\\\\$"])/', '$1', $found[1]);
}
