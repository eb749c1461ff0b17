// The one place where the parts of Beast that are no templates are compiled.
#include <boost/beast/src.hpp>
