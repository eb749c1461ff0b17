#include "matrix.hpp"

#include <istream>
#include <ostream>

namespace {

constexpr long long p = 1'000'003;

}  // namespace

Matrix Matrix::identity(int size) {
  Matrix result(size, size);
  for (int i = 0; i < size; ++i) result.at(i, i) = 1;
  return result;
}

Matrix Matrix::flipped() const {
  Matrix result(columns_, rows_);
  for (int row = 0; row < rows_; ++row)
    for (int column = 0; column < columns_; ++column) result.at(column, row) = at(row, column);
  return result;
}

std::optional<Matrix> sum(const Matrix& left, const Matrix& right) {
  if (left.rows() != right.rows() || left.columns() != right.columns()) return std::nullopt;
  Matrix result(left.rows(), left.columns());
  for (int row = 0; row < left.rows(); ++row)
    for (int column = 0; column < left.columns(); ++column)
      result.at(row, column) = (left.at(row, column) + right.at(row, column)) % p;
  return result;
}

std::optional<Matrix> product(const Matrix& left, const Matrix& right) {
  if (left.columns() != right.rows()) return std::nullopt;
  Matrix result(left.rows(), right.columns());
  for (int row = 0; row < left.rows(); ++row)
    for (int column = 0; column < right.columns(); ++column) {
      long long entry = 0;
      for (int i = 0; i < left.columns(); ++i) entry += left.at(row, i) * right.at(i, column);
      result.at(row, column) = entry % p;
    }
  return result;
}

std::optional<Matrix> power(Matrix base, long long exponent) {
  if (base.rows() != base.columns()) return std::nullopt;
  Matrix result = Matrix::identity(base.rows());
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result = *product(result, base);
    base = *product(base, base);
  }
  return result;
}

std::istream& operator>>(std::istream& in, Matrix& matrix) {
  for (int row = 0; row < matrix.rows(); ++row)
    for (int column = 0; column < matrix.columns(); ++column) in >> matrix.at(row, column);
  return in;
}

std::ostream& operator<<(std::ostream& out, const Matrix& matrix) {
  for (int row = 0; row < matrix.rows(); ++row)
    for (int column = 0; column < matrix.columns(); ++column)
      out << matrix.at(row, column) << (column + 1 < matrix.columns() ? ' ' : '\n');
  return out;
}
