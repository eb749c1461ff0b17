typedef struct {
  char* title;
  int remembered;
} Echo;

Echo* echoCreate(char* title) {
  Echo* obj = malloc(sizeof *obj);
  obj->title = title;
  obj->remembered = 0;
  return obj;
}

int echoNextInteger(Echo* obj, int value) {
  return value + 1;
}

long long echoNextLong(Echo* obj, long long value) {
  return value + 1;
}

double echoHalfOf(Echo* obj, double value) {
  return value / 2;
}

bool echoNegation(Echo* obj, bool value) {
  return !value;
}

char echoNextCharacter(Echo* obj, char value) {
  return value + 1;
}

char* echoShout(Echo* obj, char* value) {
  char* loud = malloc(strlen(value) + 2);
  return strcat(strcpy(loud, value), "!");
}

struct ListNode* echoTurned(Echo* obj, struct ListNode* value) {
  struct ListNode* head = NULL;
  while (value) {
    struct ListNode* next = value->next;
    value->next = head;
    head = value;
    value = next;
  }
  return head;
}

struct TreeNode* echoMirrored(Echo* obj, struct TreeNode* value) {
  if (!value) return value;
  struct TreeNode* left = echoMirrored(obj, value->left);
  value->left = echoMirrored(obj, value->right);
  value->right = left;
  return value;
}

int* echoIntegers(Echo* obj, int* value, int valueSize, int* returnSize) {
  int* turned = malloc(valueSize * sizeof *turned + 1);
  for (int i = 0; i < valueSize; ++i) turned[i] = value[valueSize - 1 - i];
  *returnSize = valueSize;
  return turned;
}

long long* echoLongs(Echo* obj, long long* value, int valueSize, int* returnSize) {
  long long* turned = malloc(valueSize * sizeof *turned + 1);
  for (int i = 0; i < valueSize; ++i) turned[i] = value[valueSize - 1 - i];
  *returnSize = valueSize;
  return turned;
}

double* echoDoubles(Echo* obj, double* value, int valueSize, int* returnSize) {
  double* turned = malloc(valueSize * sizeof *turned + 1);
  for (int i = 0; i < valueSize; ++i) turned[i] = value[valueSize - 1 - i];
  *returnSize = valueSize;
  return turned;
}

bool* echoFlags(Echo* obj, bool* value, int valueSize, int* returnSize) {
  bool* turned = malloc(valueSize * sizeof *turned + 1);
  for (int i = 0; i < valueSize; ++i) turned[i] = value[valueSize - 1 - i];
  *returnSize = valueSize;
  return turned;
}

char* echoLetters(Echo* obj, char* value, int valueSize, int* returnSize) {
  char* turned = malloc(valueSize * sizeof *turned + 1);
  for (int i = 0; i < valueSize; ++i) turned[i] = value[valueSize - 1 - i];
  *returnSize = valueSize;
  return turned;
}

char** echoWords(Echo* obj, char** value, int valueSize, int* returnSize) {
  char** turned = malloc(valueSize * sizeof *turned + 1);
  for (int i = 0; i < valueSize; ++i) turned[i] = value[valueSize - 1 - i];
  *returnSize = valueSize;
  return turned;
}

int* echoNumbers(Echo* obj, int* value, int valueSize, int* returnSize) {
  int* turned = malloc(valueSize * sizeof *turned + 1);
  for (int i = 0; i < valueSize; ++i) turned[i] = value[valueSize - 1 - i];
  *returnSize = valueSize;
  return turned;
}

char** echoNames(Echo* obj, char** value, int valueSize, int* returnSize) {
  char** turned = malloc(valueSize * sizeof *turned + 1);
  for (int i = 0; i < valueSize; ++i) turned[i] = value[valueSize - 1 - i];
  *returnSize = valueSize;
  return turned;
}

struct TreeNode** echoForest(Echo* obj, struct TreeNode** value, int valueSize, int* returnSize) {
  struct TreeNode** turned = malloc(valueSize * sizeof *turned + 1);
  for (int i = 0; i < valueSize; ++i) turned[i] = value[valueSize - 1 - i];
  *returnSize = valueSize;
  return turned;
}

struct ListNode** echoChains(Echo* obj, struct ListNode** value, int valueSize, int* returnSize) {
  struct ListNode** turned = malloc(valueSize * sizeof *turned + 1);
  for (int i = 0; i < valueSize; ++i) turned[i] = value[valueSize - 1 - i];
  *returnSize = valueSize;
  return turned;
}

int** echoGrid(Echo* obj, int** value, int valueSize, int* valueColSize, int* returnSize, int** returnColumnSizes) {
  int** turned = malloc(valueSize * sizeof *turned + 1);
  *returnColumnSizes = malloc(valueSize * sizeof **returnColumnSizes + 1);
  for (int i = 0; i < valueSize; ++i) {
    turned[i] = value[valueSize - 1 - i];
    (*returnColumnSizes)[i] = valueColSize[valueSize - 1 - i];
  }
  *returnSize = valueSize;
  return turned;
}

char** echoBoard(Echo* obj, char** value, int valueSize, int* valueColSize, int* returnSize, int** returnColumnSizes) {
  char** turned = malloc(valueSize * sizeof *turned + 1);
  *returnColumnSizes = malloc(valueSize * sizeof **returnColumnSizes + 1);
  for (int i = 0; i < valueSize; ++i) {
    turned[i] = value[valueSize - 1 - i];
    (*returnColumnSizes)[i] = valueColSize[valueSize - 1 - i];
  }
  *returnSize = valueSize;
  return turned;
}

char*** echoRows(Echo* obj, char*** value, int valueSize, int* valueColSize, int* returnSize, int** returnColumnSizes) {
  char*** turned = malloc(valueSize * sizeof *turned + 1);
  *returnColumnSizes = malloc(valueSize * sizeof **returnColumnSizes + 1);
  for (int i = 0; i < valueSize; ++i) {
    turned[i] = value[valueSize - 1 - i];
    (*returnColumnSizes)[i] = valueColSize[valueSize - 1 - i];
  }
  *returnSize = valueSize;
  return turned;
}

int** echoTable(Echo* obj, int** value, int valueSize, int* valueColSize, int* returnSize, int** returnColumnSizes) {
  int** turned = malloc(valueSize * sizeof *turned + 1);
  *returnColumnSizes = malloc(valueSize * sizeof **returnColumnSizes + 1);
  for (int i = 0; i < valueSize; ++i) {
    turned[i] = value[valueSize - 1 - i];
    (*returnColumnSizes)[i] = valueColSize[valueSize - 1 - i];
  }
  *returnSize = valueSize;
  return turned;
}

struct ListNode* echoFirstOf(Echo* obj, struct ListNode** value, int valueSize) {
  return value[0];
}

void echoRemember(Echo* obj, int value) {
  obj->remembered = value;
}

int echoRecall(Echo* obj) {
  return obj->remembered;
}

char* echoTitle(Echo* obj) {
  return obj->title;
}

void echoFree(Echo* obj) {
  free(obj);
}
