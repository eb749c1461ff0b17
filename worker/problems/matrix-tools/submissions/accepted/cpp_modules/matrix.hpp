#pragma once

#include <iosfwd>
#include <optional>
#include <vector>

class Matrix {
 public:
  Matrix(int rows, int columns) : rows_(rows), columns_(columns), entries_(rows * columns) {}

  static Matrix identity(int size);

  int rows() const { return rows_; }
  int columns() const { return columns_; }
  long long& at(int row, int column) { return entries_[row * columns_ + column]; }
  long long at(int row, int column) const { return entries_[row * columns_ + column]; }

  Matrix flipped() const;

 private:
  int rows_, columns_;
  std::vector<long long> entries_;
};

// Nothing where the sizes do not fit.
std::optional<Matrix> sum(const Matrix& left, const Matrix& right);
std::optional<Matrix> product(const Matrix& left, const Matrix& right);
std::optional<Matrix> power(Matrix base, long long exponent);

std::istream& operator>>(std::istream& in, Matrix& matrix);
std::ostream& operator<<(std::ostream& out, const Matrix& matrix);
