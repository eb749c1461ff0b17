class Deep:
    def cube(self, value):
        return value[::-1]

    def texts(self, value):
        return value[::-1]

    def mixed(self, value):
        return value[::-1]

    def woods(self, value):
        return value[::-1]
